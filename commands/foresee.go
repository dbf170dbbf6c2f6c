package commands

import (
	"context"

	"funnelbot/funnel"
)

// foresee asks the judge of every change whether the verb has a chance, before anybody is asked
// for its arguments: nobody should explain why a deal goes back that is closed. The command stands
// for the one that the answers will make, and only a refusal that no answer could mend counts.
func (c *call) foresee(ctx context.Context, w *want) error {
	view, err := c.view(ctx, w)
	if err != nil || view == nil {
		return err
	}
	tomorrow := c.today().AddDays(1)
	var likely funnel.Command
	switch w.Intent.Verb {
	case VerbMove:
		// Any stage will do that is not the present one.
		likely = funnel.MoveTo{Stage: c.planFor(view).Next(view.Stage)}
	case VerbBack:
		likely = funnel.MoveBack{Stage: w.Intent.Stage, Reason: "?"}
	case VerbWon:
		likely = funnel.Win{}
	case VerbLost:
		likely = funnel.Lose{Reason: c.planFor(view).Reasons[0].Key}
	case VerbPark:
		likely = funnel.Park{Until: tomorrow}
	case VerbReopen:
		likely = funnel.Reopen{}
	case VerbLog:
		likely = funnel.LogActivity{Kind: funnel.Note}
	case VerbNext:
		likely = funnel.SetNext{On: tomorrow}
	case VerbSet, VerbAssign:
		likely = funnel.Assign{To: view.Owner}
	case VerbDone, VerbToday, VerbNew, VerbShow, VerbList, VerbFind, VerbCompany, VerbUndo, VerbFunnel, VerbHelp, VerbMembers,
		VerbRole, VerbLanguage, VerbTimezone, VerbInvite, VerbApprove, VerbDecline, VerbRemove, VerbLink, VerbJoin, VerbAccess,
		VerbConnect, VerbDisconnect, VerbAnnounce, VerbWorkspace, VerbTransfer, VerbAway, VerbNotify,
		VerbQualify, VerbForget, VerbRenew, VerbQuota, VerbDigest, VerbAdvice, VerbNudge,
		VerbSnooze, VerbReview:
		return nil
	case VerbPeople:
		likely = funnel.SeatPerson{New: &funnel.Contact{Name: "?"}}
	}
	env := &funnel.Env{
		Workspace: c.space, Funnel: c.planFor(view), Actor: c.me, Now: c.desk.service.Now(), Origin: funnel.FromChat,
		NewID: func() funnel.ID { return funnel.ID{} },
	}
	_, err = funnel.Decide(env, funnel.DealState{Deal: view.Deal}, likely)
	switch funnel.CodeOf(err) {
	case funnel.CodeDealLost, funnel.CodeDealWon, funnel.CodeDealVoided, funnel.CodeNotClosed, funnel.CodeForbidden,
		funnel.CodeSignatureStands,
		funnel.CodeNothingBefore:
		return err
	}
	return nil
}
