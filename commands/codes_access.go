package commands

import "funnelbot/funnel"

// Codes of refusals about who may speak and where.
const (
	// CodePrivateOnly is for what is said in private only, such as a code.
	CodePrivateOnly funnel.Code = "private_only"
	// CodeGroupOnly is for what is said in the chat of several people that it is about.
	CodeGroupOnly funnel.Code = "group_only"
	// CodeNotHere is for what only chats of a platform have.
	CodeNotHere funnel.Code = "not_here"
	// CodeCodeNeeded is for join without a code. It is not asked for: what answers a question is kept.
	CodeCodeNeeded funnel.Code = "code_needed"
	// CodeApplicationNeeded is for approve and decline without the code of an application.
	CodeApplicationNeeded funnel.Code = "application_needed"
	// CodeNoCircles is for a platform that has no channels or user groups to choose from.
	CodeNoCircles funnel.Code = "no_circles"
	// CodeUnknownCircle has "circle": a name that the platform did not make a link of.
	CodeUnknownCircle funnel.Code = "unknown_circle"
)
