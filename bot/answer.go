package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"funnelbot/bot/message"
	"funnelbot/funnel"
)

// Answer is what a person is told where the door has to call its platform for it.
type Answer struct {
	// Workspace and Member are zero for people who are nobody here.
	Workspace, Member funnel.ID
	// Lane is where the answer goes; see [funnel.LaneOf].
	Lane string
	// Key is that of the request, so that each delivery of it posts one answer in all. A door that
	// posts several messages for one request gives each a key of its own.
	Key    string
	Doc    message.Doc
	Locale funnel.Locale
	// Send makes the first attempt. Its error is as that of [Sender].
	Send func(ctx context.Context) (messageID string, err error)
}

// Notice returns what the answer is called towards the platform and in the outbox: a [Sender] that
// is asked later whether the message has arrived looks for it. It is the same for the same door
// and key.
func (a Answer) Notice() funnel.ID {
	door, _, _ := funnel.ParseLane(a.Lane)
	return funnel.NoticeDerived("answer", door, a.Key)
}

// AnswerBox is the part of the outbox that answers pass through. Its ends are those of [Outbox].
type AnswerBox interface {
	// Claim stores the answer as being tried until [funnel.Lease] has passed, after which a courier
	// takes it over. False says that it is not for the caller to send: another delivery has claimed
	// it, or a courier sends it behind earlier answers that wait in the lane. After an error nothing
	// must be sent.
	Claim(ctx context.Context, owed *funnel.Owed) (bool, error)
	Ends
}

// AnswersConfig is what [Answers] are made of. Limiter, Anchors and Meter may be nil.
type AnswersConfig struct {
	Box     AnswerBox
	Limiter *Limiter
	Anchors Anchors
	Clock   func() time.Time
	Log     *slog.Logger
	Meter   *Meter
}

// Answers posts answers: at once where that can be, through the courier where it cannot.
type Answers struct {
	box     AnswerBox
	limiter *Limiter
	clock   func() time.Time
	settler settler
}

// NewAnswers returns what posts the answers of a door.
func NewAnswers(c AnswersConfig) *Answers {
	return &Answers{box: c.Box, limiter: c.Limiter, clock: c.Clock, settler: settler{
		ends: c.Box, limiter: c.Limiter, anchors: c.Anchors, clock: c.Clock, log: c.Log, meter: c.Meter, attempts: defaultAttempts,
	}}
}

// answerPatience is how long an answer waits for its turn before the courier gets it: a platform
// waits for the end of its delivery meanwhile.
const answerPatience = 3 * time.Second

// Post posts the answer once, however often and wherever it is called for the same key. When it
// returns, the answer has been posted, or is owed, or was given up. The error says that it could
// not be stored: then nothing was posted, and the platform has to deliver the request again.
func (a *Answers) Post(ctx context.Context, ans Answer) error {
	if ans.Doc.IsZero() {
		return nil
	}
	owed := &funnel.Owed{
		Workspace: ans.Workspace, Lane: ans.Lane, Locale: ans.Locale, Since: a.clock(), Attempts: 1,
		About:  ans.Doc.Deal,
		Notice: funnel.Notification{ID: ans.Notice(), Kind: funnel.AnswerKind, To: ans.Member, Deal: ans.Doc.Deal},
	}
	if !ans.Doc.Secret {
		doc, err := json.Marshal(ans.Doc)
		if err != nil {
			return fmt.Errorf("post an answer: %w", err)
		}
		owed.Answer = doc
	}
	mine, err := a.box.Claim(ctx, owed)
	if err != nil {
		return fmt.Errorf("post an answer: %w", err)
	}
	if !mine {
		return nil
	}
	ctx, cancel := lasting(ctx, longestAttempt)
	defer cancel()
	id, err := a.send(ctx, ans)
	if err == nil {
		err = a.settler.delivered(ctx, owed, id)
	} else {
		err = a.fail(ctx, owed, err)
	}
	if err != nil {
		a.settler.log.WarnContext(ctx, "end of an answer not written, it is in doubt",
			slog.String("notice", owed.Notice.ID.String()), slog.Any("error", err))
	}
	return nil
}

func (a *Answers) fail(ctx context.Context, owed *funnel.Owed, failure error) error {
	until, err := a.settler.failed(ctx, owed, failure)
	if to, moved := movedTo(failure); moved && err == nil && !until.IsZero() {
		a.settler.moved(ctx, owed, to)
	}
	return err
}

// send makes the attempt when its turn has come.
func (a *Answers) send(ctx context.Context, ans Answer) (string, error) {
	rest, err := a.limiter.wait(ctx, ans.Lane, answerPatience)
	if err != nil {
		return "", &RetryError{Err: fmt.Errorf("wait for the turn: %w", err)}
	}
	if rest > 0 {
		return "", &RetryError{After: rest, Err: errBusy}
	}
	return guarded(func() (string, error) { return ans.Send(ctx) })
}
