package postgres_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// visitor is somebody at a door whom nobody knows by then.
func visitor(door, external string) funnel.Caller {
	return funnel.Caller{Door: door, External: external, Name: "Visitor " + external, Handle: "v" + external, Locale: funnel.Russian, Zone: "Europe/Riga"}
}

// by is an act of a member; zero is whoever runs the program.
func (w *world) by(m funnel.Member, event string) funnel.Act {
	return funnel.Act{Workspace: w.space.ID, Member: m.ID, Event: event, Origin: funnel.FromChat}
}

// invite is the code of an invitation by the admin of the world.
func (w *world) invite(tb testing.TB, event string, in funnel.Invite) string {
	tb.Helper()
	got, err := w.service.Invite(tb.Context(), w.act(event), in)
	require.NoError(tb, err)
	return got.Code
}

// redeem lets the visitor in.
func (w *world) redeem(tb testing.TB, who funnel.Caller, code string) funnel.Admission {
	tb.Helper()
	got, err := w.service.Redeem(tb.Context(), who, code)
	require.NoError(tb, err)
	return got
}

// newcomer is a member who came in by an invitation.
func (w *world) newcomer(tb testing.TB, who funnel.Caller, role funnel.Role) funnel.Member {
	tb.Helper()
	return w.redeem(tb, who, w.invite(tb, "invite "+who.Door+who.External, funnel.Invite{Role: role})).Member
}

// elsewhere is another workspace of the same database, with an admin.
func (w *world) elsewhere(tb testing.TB) *world {
	tb.Helper()
	other := *w
	var err error
	other.space, err = w.store.Settle(tb.Context(), funnel.Workspace{
		ID: newID(), Name: "Other works", Locale: funnel.English, Zone: "UTC", Currency: "EUR", Calendar: funnel.OfficeHours(),
	}, funnel.Team{ID: newID(), Name: "Sales"})
	require.NoError(tb, err)
	other.member = other.join(tb, "Olga", funnel.Admin)
	return &other
}

func (w *world) belongings(tb testing.TB, door, external string) []funnel.Belonging {
	tb.Helper()
	found, err := w.store.Belongings(tb.Context(), door, external)
	require.NoError(tb, err)
	return found
}

func TestACodeLetsOnePersonInAsWhatItWasMadeFor(t *testing.T) {
	t.Parallel()
	w := setup(t)
	who := visitor("telegram", "11")
	require.Empty(t, w.belongings(t, "telegram", "11"))

	made, err := w.service.Invite(t.Context(), w.act("invite"), funnel.Invite{Role: funnel.Manager})
	require.NoError(t, err)
	require.Regexp(t, `^[0-9a-hjkmnp-tv-z]{5}(-[0-9a-hjkmnp-tv-z]{5}){3}$`, made.Code)
	require.Equal(t, start.Add(7*24*time.Hour), made.Expires)

	// Written down by hand, in capitals, with letters for digits.
	written := strings.NewReplacer("0", "O", "1", "l", "-", " ").Replace(strings.ToUpper(made.Code))
	got := w.redeem(t, who, " "+written)
	require.Equal(t, funnel.KindInvite, got.Kind)
	require.Equal(t, w.space.ID, got.Workspace.ID)
	require.Equal(t, funnel.Member{
		Workspace: w.space.ID, ID: got.Member.ID, Name: "Visitor 11", Role: funnel.Manager, Locale: funnel.Russian,
		Zone: "Europe/Riga", Active: true, Version: 1,
	}, got.Member)
	require.Equal(t, []funnel.Belonging{{
		Workspace: w.space.ID, Name: "Test works", Member: got.Member.ID, Role: funnel.Manager,
		AdmittedBy: funnel.AdmittedInvitation, CheckedAt: start,
	}}, w.belongings(t, "telegram", "11"))

	_, err = w.service.Redeem(t.Context(), visitor("telegram", "12"), made.Code)
	require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err), "one code, one person")
	w.advance(30 * 24 * time.Hour)
	again := w.redeem(t, who, made.Code)
	require.Equal(t, got, again, "a delivery that is repeated is answered alike")
	require.Equal(t, 1, w.count(t, "members WHERE name LIKE 'Visitor%'"))
}

func TestOnlyHashesOfCodesAreKept(t *testing.T) {
	t.Parallel()
	w := setup(t)
	var codes []string
	codes = append(codes, w.invite(t, "first", funnel.Invite{}), w.invite(t, "first", funnel.Invite{}))
	link, err := w.service.LinkCode(t.Context(), w.act("link"))
	require.NoError(t, err)
	codes = append(codes, link.Code)
	w.redeem(t, visitor("telegram", "11"), codes[0])
	_, err = w.service.Redeem(t.Context(), visitor("telegram", "12"), "wrong-code")
	require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err))
	codes = append(codes, "wrong-code")

	for _, table := range []string{"invitations", "guesses", "handled_events", "changes", "identities", "members", "outbox"} {
		var rows string
		require.NoError(t, w.pool.QueryRow(t.Context(),
			"SELECT coalesce(string_agg(to_jsonb(r)::text, ' '), '') FROM "+table+" r").Scan(&rows))
		for _, code := range codes {
			plain := strings.ReplaceAll(code, "-", "")
			for _, form := range []string{code, plain, hex.EncodeToString([]byte(code)), hex.EncodeToString([]byte(plain))} {
				require.NotContains(t, strings.ToLower(rows), form, table)
			}
		}
	}
	require.Equal(t, 3, w.count(t, "invitations WHERE length(hash) = 32"))
}

// TestCodesThatAreNoUseAreRefusedAlike goes through every way in which a code can be no use.
func TestCodesThatAreNoUseAreRefusedAlike(t *testing.T) {
	t.Parallel()
	w := setup(t)
	other := w.elsewhere(t)
	_, err := w.store.Install(t.Context(), "slack", "T1", w.space.ID)
	require.NoError(t, err)
	boris := w.newcomer(t, visitor("telegram", "20"), funnel.Manager)

	used := w.invite(t, "used", funnel.Invite{})
	w.redeem(t, visitor("telegram", "21"), used)
	foreign := other.invite(t, "foreign", funnel.Invite{})
	expired := w.invite(t, "expired", funnel.Invite{})
	late, err := w.service.LinkCode(t.Context(), w.act("late"))
	require.NoError(t, err)
	w.advance(7*24*time.Hour + time.Second)

	gone, err := w.service.Invite(t.Context(), w.by(boris, "by one who goes"), funnel.Invite{})
	require.NoError(t, err)
	own, err := w.service.LinkCode(t.Context(), w.by(boris, "own"))
	require.NoError(t, err)
	back := w.invite(t, "for one who goes", funnel.Invite{Member: boris.ID})
	_, err = w.service.Remove(t.Context(), w.act("remove"), boris.ID)
	require.NoError(t, err)

	var want *funnel.Error
	for i, c := range []struct {
		why  string
		team string
		code string
	}{
		{"wrong", "", "0000-0000-0000"},
		{"empty", "", ""},
		{"hostile", "", "\x00'; DROP TABLE members; --" + strings.Repeat("x", 1<<20)},
		{"used", "", used},
		{"expired", "", expired},
		{"a link of yesterday", "", late.Code},
		{"another team's", "T1", foreign},
		{"of a team that nothing is tied to", "T9", w.invite(t, "tied", funnel.Invite{})},
		{"made by somebody who was removed", "", gone.Code},
		{"a link of somebody who was removed", "", own.Code},
		{"made for somebody before the removal", "", back},
	} {
		who := visitor("slack", fmt.Sprint("U", i))
		who.Team = c.team
		_, err := w.service.Redeem(t.Context(), who, c.code)
		var refused *funnel.Error
		require.ErrorAs(t, err, &refused, c.why)
		require.Equal(t, funnel.CodeCodeInvalid, refused.Code, c.why)
		if want == nil {
			want = refused
		}
		require.Equal(t, want.Error(), err.Error(), "%s: in the same words", c.why)
		require.Equal(t, 1, w.count(t, fmt.Sprintf("guesses WHERE external_id = 'U%d' AND wrong = 1", i)), "%s: counted", c.why)
		require.Empty(t, w.belongings(t, "slack", who.External), c.why)
	}
}

func TestGuessingIsSlow(t *testing.T) {
	t.Parallel()
	w := setup(t)
	right := w.invite(t, "right", funnel.Invite{})
	who := visitor("telegram", "13")
	try := func(code string) funnel.Code {
		_, err := w.service.Redeem(t.Context(), who, code)
		return funnel.CodeOf(err)
	}

	for i := range funnel.MaxGuesses {
		code := fmt.Sprint("wrong", i)
		require.Equal(t, funnel.CodeCodeInvalid, try(code))
		if i < funnel.MaxGuesses-1 {
			require.Equal(t, funnel.CodeCodeInvalid, try(code), "the same again is no other guess")
		}
		w.advance(time.Minute)
	}
	require.Equal(t, funnel.CodeTooManyGuesses, try("wrong again"))
	require.Equal(t, funnel.CodeTooManyGuesses, try(right), "the right one as well")
	_, err := w.service.Redeem(t.Context(), visitor("telegram", "14"), "wrong")
	require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err), "others are not concerned")

	w.advance(funnel.GuessWindow - funnel.MaxGuesses*time.Minute - time.Second)
	require.Equal(t, funnel.CodeTooManyGuesses, try(right), "the window counts from the first")
	w.advance(time.Second)
	require.Empty(t, try(right))
}

func TestADeliveryOfAnInvitationThatIsRepeatedMakesAnotherCodeOfIt(t *testing.T) {
	t.Parallel()
	w := setup(t)

	first := w.invite(t, "one key", funnel.Invite{Role: funnel.Manager})
	second := w.invite(t, "one key", funnel.Invite{Role: funnel.Manager})
	require.NotEqual(t, first, second)
	require.NotEmpty(t, second)
	_, err := w.service.Invite(t.Context(), w.act("one key"), funnel.Invite{Role: funnel.Rep})
	require.Equal(t, funnel.CodeKeyReused, funnel.CodeOf(err))

	require.Equal(t, funnel.Manager, w.redeem(t, visitor("telegram", "11"), second).Member.Role)
	_, err = w.service.Redeem(t.Context(), visitor("telegram", "12"), first)
	require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err), "one invitation, one person")
	_, err = w.service.Invite(t.Context(), w.act("one key"), funnel.Invite{Role: funnel.Manager})
	require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err), "it is used up")
}

func TestWhoMayInviteWhom(t *testing.T) {
	t.Parallel()
	w := setup(t)
	rep := w.newcomer(t, visitor("telegram", "1"), funnel.Rep)
	manager := w.newcomer(t, visitor("telegram", "2"), funnel.Manager)
	nobody := funnel.Member{}
	imported, err := w.store.SignIn(t.Context(), funnel.Identity{Door: "local", External: "Ivan", Workspace: w.space.ID}, funnel.Member{
		Workspace: w.space.ID, ID: newID(), Name: "Ivan", Role: funnel.Rep, Locale: funnel.English, Active: true,
	})
	require.NoError(t, err)
	_, err = w.pool.Exec(t.Context(), `DELETE FROM identities WHERE member_id = $1`, imported.ID)
	require.NoError(t, err)

	for i, c := range []struct {
		by   funnel.Member
		in   funnel.Invite
		want funnel.Code
	}{
		{w.member, funnel.Invite{Role: funnel.Admin}, ""},
		{w.member, funnel.Invite{Member: rep.ID}, ""},
		{w.member, funnel.Invite{Role: "king"}, funnel.CodeUnknownRole},
		{w.member, funnel.Invite{Member: newID()}, funnel.CodeNoMember},
		{manager, funnel.Invite{}, ""},
		{manager, funnel.Invite{Member: imported.ID}, ""},
		{manager, funnel.Invite{Role: funnel.Manager}, funnel.CodeForbidden},
		{manager, funnel.Invite{Role: funnel.Admin}, funnel.CodeForbidden},
		// A code for a colleague lets a manager speak in that colleague's name.
		{manager, funnel.Invite{Member: rep.ID}, funnel.CodeForbidden},
		{manager, funnel.Invite{Member: w.member.ID}, funnel.CodeForbidden},
		{rep, funnel.Invite{}, funnel.CodeForbidden},
		{rep, funnel.Invite{Member: newID()}, funnel.CodeForbidden},
		{nobody, funnel.Invite{Role: funnel.Admin}, ""},
	} {
		_, err := w.service.Invite(t.Context(), w.by(c.by, fmt.Sprint("invite", i)), c.in)
		require.Equal(t, c.want, funnel.CodeOf(err), "case %d", i)
		if c.want == "" {
			require.NoError(t, err)
		}
	}
}

// TestACodeNeverGivesMoreThanItsMakerCouldGiveToday is about what happens between making and using.
func TestACodeNeverGivesMoreThanItsMakerCouldGiveToday(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boss := w.newcomer(t, visitor("telegram", "1"), funnel.Admin)
	lena := w.newcomer(t, visitor("telegram", "2"), funnel.Rep)
	made := func(event string, in funnel.Invite) string {
		got, err := w.service.Invite(t.Context(), w.by(boss, event), in)
		require.NoError(t, err)
		return got.Code
	}
	manager, rep, forLena := made("a", funnel.Invite{Role: funnel.Manager}), made("b", funnel.Invite{}), made("c", funnel.Invite{Member: lena.ID})

	_, err := w.service.SetRole(t.Context(), w.act("down"), boss.ID, funnel.Manager)
	require.NoError(t, err)
	_, err = w.service.SetRole(t.Context(), w.act("up"), lena.ID, funnel.Admin)
	require.NoError(t, err)

	_, err = w.service.Redeem(t.Context(), visitor("telegram", "3"), manager)
	require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err), "a manager invites no managers")
	_, err = w.service.Redeem(t.Context(), visitor("telegram", "3"), forLena)
	require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err), "it was for a rep, and she is an admin now")
	require.Equal(t, funnel.Rep, w.redeem(t, visitor("telegram", "3"), rep).Member.Role)
}

func TestTheFirstToComeBackNeedsNoOtherInvitation(t *testing.T) {
	t.Parallel()
	w := setup(t)
	lena := w.newcomer(t, visitor("telegram", "2"), funnel.Manager)
	_, err := w.service.Remove(t.Context(), w.act("remove"), lena.ID)
	require.NoError(t, err)
	require.Empty(t, w.belongings(t, "telegram", "2"), "from the same moment")
	_, err = w.service.LinkCode(t.Context(), w.by(lena, "link"))
	require.Equal(t, funnel.CodeInactive, funnel.CodeOf(err))

	first := w.invite(t, "again", funnel.Invite{Member: lena.ID, Role: funnel.Rep})
	second := w.invite(t, "and again", funnel.Invite{Member: lena.ID, Role: funnel.Rep})
	back := w.redeem(t, visitor("slack", "U2"), first).Member
	require.Equal(t, lena.ID, back.ID)
	require.Equal(t, funnel.Rep, back.Role, "the role to come back with")
	require.True(t, back.Active)
	_, err = w.service.Redeem(t.Context(), visitor("telegram", "9"), second)
	require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err))
}
