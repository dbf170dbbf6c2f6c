package funnel

import "context"

// NoticeDeparted tells admins that a platform has switched off the account of a member for good, so that
// the member may speak nowhere any more. Data has "name", "member", its identifier, and "door".
const NoticeDeparted NoticeKind = "departed"

// Acquaintance is a member as one door knows them.
type Acquaintance struct {
	Belonging

	// External is the platform's identifier of the person.
	External string
}

// Dismiss stops every identity of the caller's member in a workspace: the platform that let the person in
// says that they are gone for good, for the reason of the audit record. Codes that were made for the
// member are worthless from now on. The admins are told once; what the member owns stays theirs until
// somebody takes it over. Whoever lets the person in again lets them in as who they were.
func (s *Service) Dismiss(ctx context.Context, who Caller, workspace ID, reason string) error {
	e := &Env{Now: instant(s.clock()), Origin: FromTimer, NewID: s.ids}
	return s.store.Dismiss(ctx, Identity{Door: who.Door, External: who.External, Workspace: workspace},
		e.accessChange("dismiss", map[string]string{"door": who.Door, "identity": who.External, "reason": reason}))
}
