package postgres_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

const rivals = 8

// race runs fn in rivals goroutines over two processes at once.
func (w *world) race(tb testing.TB, fn func(s *funnel.Service, i int)) {
	tb.Helper()
	services := []*funnel.Service{w.service, w.another(tb)}
	var group sync.WaitGroup
	ready := make(chan struct{})
	for i := range rivals {
		group.Go(func() {
			<-ready
			fn(services[i%2], i)
		})
	}
	close(ready)
	group.Wait()
}

func TestOfRivalsForOneCodeExactlyOneGetsIn(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for round := range 10 {
		// Two codes of one invitation, of which one person may use one.
		event := fmt.Sprint("invite", round)
		codes := []string{w.invite(t, event, funnel.Invite{}), w.invite(t, event, funnel.Invite{})}
		var errs [rivals]error
		w.race(t, func(s *funnel.Service, i int) {
			_, errs[i] = s.Redeem(t.Context(), visitor("telegram", fmt.Sprintf("%d-%d", round, i)), codes[i/2%2])
		})
		won := 0
		for i, err := range errs {
			mine := w.belongings(t, "telegram", fmt.Sprintf("%d-%d", round, i))
			if err == nil {
				won++
				require.Len(t, mine, 1)
				continue
			}
			require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err))
			require.Empty(t, mine)
		}
		require.Equal(t, 1, won)
		require.Equal(t, round+1, w.count(t, "members WHERE name LIKE 'Visitor%'"))
	}
}

func TestACodeThatIsDeliveredManyTimesAtOnceMakesOneMember(t *testing.T) {
	t.Parallel()
	w := setup(t)
	code := w.invite(t, "invite", funnel.Invite{})
	var got [rivals]funnel.Admission
	w.race(t, func(s *funnel.Service, i int) {
		var err error
		got[i], err = s.Redeem(t.Context(), visitor("telegram", "11"), code)
		if err != nil {
			t.Error(err)
		}
	})
	for i := range got {
		require.Equal(t, got[0], got[i])
	}
	require.Equal(t, 1, w.count(t, "members WHERE name LIKE 'Visitor%'"))
	require.Equal(t, 0, w.count(t, "guesses"))
}

func TestAnInvitationThatIsRenewedWhileItIsUsedLetsOnePersonIn(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for round := range 10 {
		act := w.act(fmt.Sprint("invite", round))
		first, err := w.service.Invite(t.Context(), act, funnel.Invite{})
		require.NoError(t, err)
		var codes [rivals]string
		w.race(t, func(s *funnel.Service, i int) {
			if i == 0 {
				if _, err := s.Redeem(t.Context(), visitor("telegram", fmt.Sprint("first", round)), first.Code); err != nil {
					t.Error(err)
				}
				return
			}
			again, err := s.Invite(t.Context(), act, funnel.Invite{})
			if err != nil && funnel.CodeOf(err) != funnel.CodeCodeInvalid {
				t.Error(err)
			}
			codes[i] = again.Code
		})
		for i, code := range codes {
			if code == "" {
				continue
			}
			_, err := w.service.Redeem(t.Context(), visitor("telegram", fmt.Sprintf("late%d-%d", round, i)), code)
			require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err), "it was used up")
		}
	}
}

func TestGuessesThatComeAtOnceAreCountedOneByOne(t *testing.T) {
	t.Parallel()
	w := setup(t)
	var codes [rivals]funnel.Code
	w.race(t, func(s *funnel.Service, i int) {
		_, err := s.Redeem(t.Context(), visitor("telegram", "13"), fmt.Sprint("wrong", i))
		codes[i] = funnel.CodeOf(err)
	})
	count := map[funnel.Code]int{}
	for _, c := range codes {
		count[c]++
	}
	require.Equal(t, map[funnel.Code]int{
		funnel.CodeCodeInvalid: funnel.MaxGuesses, funnel.CodeTooManyGuesses: rivals - funnel.MaxGuesses,
	}, count)
}

func TestTwoAdminsCannotBeMergedIntoNobody(t *testing.T) {
	t.Parallel()
	w := setup(t)
	rep := w.newcomer(t, visitor("telegram", "rep"), funnel.Rep)
	for round := range 10 {
		// Two admins are all that there are, and each is to be joined to the same rep.
		var who [2]funnel.Caller
		var codes [2]string
		for i := range who {
			who[i] = visitor("telegram", fmt.Sprintf("%d-%d", round, i))
			code, err := w.service.Invite(t.Context(), w.by(funnel.Member{}, "admin "+who[i].External), funnel.Invite{Role: funnel.Admin})
			require.NoError(t, err)
			w.redeem(t, who[i], code.Code)
			codes[i] = w.linkOf(t, rep, "link "+who[i].External)
		}
		_, err := w.pool.Exec(t.Context(), `
			UPDATE members SET role = 'rep' WHERE role = 'admin' AND name NOT IN ($1, $2)`, who[0].Name, who[1].Name)
		require.NoError(t, err)

		var errs [rivals]error
		w.race(t, func(s *funnel.Service, i int) {
			_, errs[i] = s.Redeem(t.Context(), who[i/2%2], codes[i/2%2])
		})
		kept := 0
		for _, err := range errs {
			if err != nil {
				require.Equal(t, funnel.CodeLastAdmin, funnel.CodeOf(err))
				kept++
			}
		}
		require.Equal(t, rivals/2, kept, "the second one stays, however often it is tried")
		require.Equal(t, 1, w.count(t, "members WHERE role = 'admin' AND active"))
	}
}

func TestOfTwoWorkspacesThatConnectAChatAtOnceOneGetsIt(t *testing.T) {
	t.Parallel()
	w := setup(t)
	other := w.elsewhere(t)
	for round := range 10 {
		chat := funnel.Chat{Door: "telegram", External: fmt.Sprint("-100", round), Title: "Sales", Internal: true}
		var errs [rivals]error
		w.race(t, func(s *funnel.Service, i int) {
			act := w.act(fmt.Sprintf("connect %d-%d", round, i))
			if i/2%2 == 1 {
				act = other.act(act.Event)
			}
			_, errs[i] = s.Connect(t.Context(), act, chat)
		})
		refused := 0
		for _, err := range errs {
			if err != nil {
				require.Equal(t, funnel.CodeChatTaken, funnel.CodeOf(err))
				refused++
			}
		}
		require.Equal(t, rivals/2, refused)
		require.Equal(t, 1, w.count(t, fmt.Sprintf("chats WHERE external_id = '-100%d'", round)))
	}
}

func TestAnApplicationIsDecidedOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for round := range 5 {
		who := visitor("slack", fmt.Sprint("U", round))
		var asked [rivals]funnel.Application
		var fresh [rivals]bool
		w.race(t, func(s *funnel.Service, i int) {
			var err error
			if asked[i], fresh[i], err = s.Apply(t.Context(), who, w.space.ID); err != nil {
				t.Error(err)
			}
		})
		news := 0
		for i := range asked {
			require.Equal(t, asked[0].Code, asked[i].Code)
			if fresh[i] {
				news++
			}
		}
		require.Equal(t, 1, news)
		require.Equal(t, round+1, w.count(t, "outbox WHERE kind = 'application'"), "admins are asked once")

		var got [rivals]funnel.Granted
		w.race(t, func(s *funnel.Service, i int) {
			act := w.act(fmt.Sprintf("decide %d-%d", round, i))
			var err error
			if i/2%2 == 0 {
				got[i], err = s.Grant(t.Context(), act, asked[0].Code, funnel.Rep)
			} else {
				got[i], err = s.Decline(t.Context(), act, asked[0].Code)
			}
			if err != nil {
				t.Error(err)
			}
		})
		first := 0
		for _, g := range got {
			require.Equal(t, got[0].Application.Granted, g.Application.Granted, "everybody learns the same")
			require.Equal(t, got[0].Member == nil, g.Member == nil)
			if !g.Already {
				first++
			}
		}
		require.Equal(t, 1, first)
		require.Equal(t, round+1, w.count(t, "outbox WHERE kind IN ('admitted', 'declined')"))
	}
}
