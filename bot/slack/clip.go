package slack

import (
	"encoding/json"
	"strings"

	"funnelbot/commands"
)

// logShortcut is the callback of the message shortcut that hands a message over.
const logShortcut = "log_message"

// clipOf is what an event hands over: a forwarded message first, else files; nil for neither.
func clipOf(ev event) *commands.Clip {
	for _, at := range ev.Attachments {
		if !at.Shared && !at.Message || at.FromURL == "" {
			continue
		}
		clip := commands.Clip{Kind: commands.ClipMessage}
		text := at.Text
		if text == "" {
			text = at.Fallback
		}
		if len(at.Files) > 0 && at.Text == "" {
			clip = fileClip(at.Files)
			text = ""
		}
		clip.Text, clip.From, clip.Ref = said(text, ""), tidy(at.AuthorName), at.FromURL
		clip.At = moment(rawTS(at.TS))
		return &clip
	}
	if len(ev.Files) == 0 {
		return nil
	}
	clip := fileClip(ev.Files)
	clip.At = moment(ev.TS)
	return &clip
}

// rawTS reads a timestamp that is a text or a number.
func rawTS(raw json.RawMessage) string { return strings.Trim(string(raw), `"`) }

// fileClip is what files are together. The first one is where they are found again.
func fileClip(files []sentFile) commands.Clip {
	clip := commands.Clip{Kind: commands.ClipFile}
	var names []string
	for _, f := range files {
		name := tidy(f.Name)
		if name == "" {
			name = tidy(f.Title)
		}
		if name != "" {
			names = append(names, name)
		}
		if strings.HasPrefix(f.MIME, "audio/") || f.Subtype == "slack_audio" {
			clip.Kind = commands.ClipVoice
		}
		if clip.Ref == "" {
			clip.Ref = f.Permalink
		}
		if clip.Ref == "" {
			clip.Ref = f.ID
		}
	}
	clip.Name = strings.Join(names, ", ")
	return clip
}
