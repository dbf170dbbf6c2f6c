package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot"
	"funnelbot/funnel"
)

// metadataType names the metadata that lets a message be found again.
const metadataType = "funnelbot"

// address is where messages are posted.
type address struct {
	channel, thread string
	// user is the only reader of an ephemeral message; empty for everybody.
	user string
	lane string
}

// letter is a rendered document on its way.
type letter struct {
	rendered
	// notice finds it again; zero for what cannot be found, such as ephemeral messages.
	notice funnel.ID
	// have are the parts that have arrived already.
	have map[int]string
}

// parts is how many messages the letter is: its pages, then its files.
func (l letter) parts() int { return len(l.pages) + len(l.files) }

// Send posts a parcel; see [bot.Sender]. After an attempt in doubt only the parts are posted that
// did not arrive.
func (d *Door) Send(ctx context.Context, p bot.Parcel) (string, error) {
	to, err := d.address(ctx, p.Lane)
	if err != nil {
		return "", err
	}
	l := letter{rendered: (&renderer{p: d.printer(d.language(ctx, p))}).render(p.Doc), notice: p.Notice}
	if l.parts() == 0 {
		return "", nil
	}
	if p.Replaces != "" {
		return p.Replaces, d.replace(ctx, to, p.Replaces, l, false)
	}
	if p.Doubts > 0 {
		found, err := d.arrived(ctx, to, p.Notice)
		if err != nil {
			return "", err
		}
		l.have = found.parts
	}
	return d.post(ctx, to, l)
}

// Sent asks Slack whether a parcel has arrived with all its parts; see [bot.Sender].
func (d *Door) Sent(ctx context.Context, p bot.Parcel) (bot.Finding, error) {
	if p.Replaces != "" {
		return bot.Finding{Verdict: bot.SendAgain}, nil // an edit may be made twice
	}
	to, err := d.address(ctx, p.Lane)
	if err != nil {
		return bot.Finding{}, err
	}
	found, err := d.arrived(ctx, to, p.Notice)
	if err != nil {
		return bot.Finding{}, err
	}
	if found.of > 0 && len(found.parts) >= found.of {
		return bot.Finding{Verdict: bot.HasArrived, MessageID: found.parts[0]}, nil
	}
	return bot.Finding{Verdict: bot.SendAgain}, nil
}

// address finds the conversation of a lane: that of a person is opened where there is none.
func (d *Door) address(ctx context.Context, lane string) (address, error) {
	_, chat, thread := funnel.ParseLane(lane)
	to := address{channel: chat, thread: thread, lane: lane}
	if !isUser(chat) {
		return to, nil
	}
	id, err := d.dm(ctx, chat)
	to.channel = id
	if to.thread != "" && err == nil {
		to.lane = funnel.LaneOf(Name, chat, "")
	}
	return to, fault("open a conversation", err)
}

// isUser reports whether an identifier is that of a person.
func isUser(id string) bool { return strings.HasPrefix(id, "U") || strings.HasPrefix(id, "W") }

// language is that of a parcel; where it has none, that of the one who reads its lane, as far as
// Slack knows.
func (d *Door) language(ctx context.Context, p bot.Parcel) string {
	if p.Doc.Locale != "" {
		return string(p.Doc.Locale)
	}
	_, chat, _ := funnel.ParseLane(p.Lane)
	if isUser(chat) {
		if u, err := d.user(ctx, chat); err == nil {
			return string(describe(funnel.Caller{}, u).Locale)
		}
	}
	return string(funnel.English)
}

// post posts the parts of a letter in order and returns the first message. Once a part has been
// posted, a failure of a later one leaves the whole in doubt, so that the next attempt begins by
// asking what is there.
func (d *Door) post(ctx context.Context, to address, l letter) (string, error) {
	first := l.have[0]
	posted := len(l.have) > 0
	for i := range l.parts() {
		if l.have[i] != "" {
			continue
		}
		if posted {
			if err := d.Limiter.Wait(ctx, to.lane); err != nil {
				return first, fmt.Errorf("post part %d of %d: %w", i+1, l.parts(), err)
			}
		}
		ts, err := d.part(ctx, to, l, i)
		if err != nil {
			return first, d.held(to.lane, posted, fmt.Errorf("post part %d of %d: %w", i+1, l.parts(), err))
		}
		posted = true
		if first == "" && i == 0 {
			first = ts
		}
	}
	return first, nil
}

// held passes on that Slack wants to be left alone, and hides what the error would mean for the
// whole from those who send it again.
func (d *Door) held(lane string, posted bool, err error) error {
	var retry *bot.RetryError
	if errors.As(err, &retry) && retry.After > 0 && posted {
		d.Limiter.Hold(lane, retry.After)
	}
	if posted && certain(err) {
		return errors.New(err.Error()) //nolint:err113 // the kind of the error is what must not get through
	}
	return err
}

// part posts one message or file of a letter.
func (d *Door) part(ctx context.Context, to address, l letter, i int) (string, error) {
	if i >= len(l.pages) {
		return d.upload(ctx, to, l.files[i-len(l.pages)])
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	options := pageOptions(l.pages[i])
	if to.thread != "" {
		options = append(options, slackapi.MsgOptionTS(to.thread))
	}
	if to.user != "" {
		ts, err := d.api.PostEphemeralContext(ctx, to.channel, to.user, options...)
		return ts, timestamped(ts, "chat.postEphemeral", err)
	}
	if !l.notice.IsZero() {
		options = append(options, slackapi.MsgOptionMetadata(l.metadata(i)))
	}
	_, ts, err := d.api.PostMessageContext(ctx, to.channel, options...)
	return ts, timestamped(ts, "chat.postMessage", err)
}

// timestamped reads the end of a call that returns a timestamp: the library takes an answer that says
// neither yes nor why not for a yes.
func timestamped(ts, op string, err error) error {
	if err == nil && ts == "" {
		err = errNoReason
	}
	return fault(op, err)
}

func pageOptions(p page) []slackapi.MsgOption {
	return []slackapi.MsgOption{
		slackapi.MsgOptionText(p.text, false), slackapi.MsgOptionBlocks(p.blocks...),
		slackapi.MsgOptionDisableLinkUnfurl(), slackapi.MsgOptionDisableMediaUnfurl(),
	}
}

// metadata lets a part be found again. The names of the files stand in it because files carry none.
func (l letter) metadata(part int) slackapi.SlackMetadata {
	payload := map[string]any{"notice": l.notice.String(), "part": strconv.Itoa(part), "of": strconv.Itoa(l.parts())}
	if len(l.files) > 0 {
		names := make([]string, len(l.files))
		for i, f := range l.files {
			names[i] = f.name
		}
		payload["files"] = strings.Join(names, "/")
	}
	return slackapi.SlackMetadata{EventType: metadataType, EventPayload: payload}
}

// replace edits a message; what does not fit into it follows below. Where the message is gone, an
// answer that somebody asked for is posted anew; a correction has nothing to correct.
func (d *Door) replace(ctx context.Context, to address, ts string, l letter, asked bool) error {
	if len(l.pages) > 0 {
		call, cancel := context.WithTimeout(ctx, callTimeout)
		_, changed, _, err := d.api.UpdateMessageContext(call, to.channel, ts, pageOptions(l.pages[0])...)
		cancel()
		err = timestamped(changed, "chat.update", err)
		if refusedFor(err, "message_not_found", "cant_update_message", "edit_window_closed") && asked {
			_, err = d.post(ctx, to, l)
			return err
		}
		if err != nil {
			return err
		}
	}
	if l.parts() < 2 {
		return nil
	}
	l.have = map[int]string{0: ts}
	_, err := d.post(ctx, to, l)
	return err
}

// upload shares a file in the conversation.
func (d *Door) upload(ctx context.Context, to address, f upload) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, uploadTimeout)
	defer cancel()
	done, err := d.api.UploadFileContext(ctx, slackapi.UploadFileParameters{
		Reader: bytes.NewReader(f.data), FileSize: len(f.data), Filename: f.name, Title: f.name, AltTxt: f.alt,
		Channel: to.channel, ThreadTimestamp: to.thread,
	})
	if err != nil {
		return "", fault("upload a file", err)
	}
	return done.ID, nil
}
