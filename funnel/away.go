package funnel

import "context"

// Verbs of changes of how a member wants to be told.
const (
	VerbAway   = "away"
	VerbNotify = "notify"
)

// SetAway says that the member is away until a day, which is that of the return: reminders and
// plans wait until then. The zero Date says that the member is there.
func (s *Service) SetAway(ctx context.Context, a Act, until Date) (Settled, error) {
	return s.member(ctx, a, VerbAway, Reads{Subject: a.Member}, until, func(e *Env, _ *Snapshot, m *Member) error {
		if !until.IsZero() {
			if err := until.promised(e); err != nil {
				return err
			}
			if until == e.today() {
				return Refuse(CodeInPast, Args{"date": until})
			}
		}
		m.AwayUntil = until
		return nil
	})
}
