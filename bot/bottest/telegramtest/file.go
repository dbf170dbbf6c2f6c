package telegramtest

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif"  // the formats Telegram takes for photos
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"net/http"
	"path"
	"strings"
)

// maxPhoto is the largest photo, maxSide the most its sides may add up to and maxRatio the longest
// shape: https://core.telegram.org/bots/api#sendphoto. maxFetch is the largest file a bot may
// download: https://core.telegram.org/bots/api#getfile.
const (
	maxPhoto = 10 << 20
	maxSide  = 10000
	maxRatio = 20
	maxFetch = 20 << 20
)

// File is a file somebody sent.
type File struct {
	ID       string
	Kind     string // photo, document or voice
	Name     string
	MIME     string
	Content  []byte
	Size     int64 // of the content, or what the test says it is
	Seconds  int   // of a voice message
	Width    int   // of a photo
	Height   int
	uniqueID string
}

func (f *File) wire() any {
	o := object{"file_id": f.ID, "file_unique_id": f.uniqueID, "file_size": f.Size}
	switch f.Kind {
	case "photo":
		o["width"], o["height"] = f.Width, f.Height
		return []object{o}
	case "voice":
		o["duration"] = f.Seconds
	default:
		o["file_name"] = f.Name
	}
	if f.MIME != "" {
		o["mime_type"] = f.MIME
	}
	return o
}

// keepFile gives a file its ids. The caller holds the lock.
func (s *Server) keepFile(f *File) *File {
	s.serial++
	f.ID = fmt.Sprintf("AgACAgIAAx_%s_%06d", f.Kind, s.serial)
	f.uniqueID = fmt.Sprintf("AQAD%06d", s.serial)
	if f.Size == 0 {
		f.Size = int64(len(f.Content))
	}
	s.files[f.ID] = f
	return f
}

// received takes the file of a call: uploaded under the name of its parameter or by attach://, or
// named by its file_id. Addresses are not fetched.
func (s *Server) received(c *call, kind string) (*File, *Refusal) {
	value := c.params[kind]
	up, ok := c.files[kind]
	if name, attached := strings.CutPrefix(value, "attach://"); attached {
		up, ok = c.files[name]
	}
	switch {
	case ok && len(up.content) == 0:
		return nil, bad("file must be non-empty")
	case ok:
		f := &File{Kind: kind, Name: up.name, MIME: http.DetectContentType(up.content), Content: up.content}
		if r := f.checkPhoto(); r != nil {
			return nil, r
		}
		return s.keepFile(f), nil
	case value == "":
		return nil, bad("there is no %s in the request", kind)
	case strings.HasPrefix(value, "http://"), strings.HasPrefix(value, "https://"):
		return nil, bad("failed to get HTTP URL content")
	}
	f := s.files[value]
	switch {
	case f == nil:
		return nil, bad("wrong file_id or the file is temporarily unavailable")
	case f.Kind != kind:
		return nil, bad("type of file mismatch")
	}
	return f, nil
}

func (f *File) checkPhoto() *Refusal {
	if f.Kind != "photo" {
		return nil
	}
	if len(f.Content) > maxPhoto {
		return bad("file is too big")
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(f.Content))
	if err != nil {
		return bad("IMAGE_PROCESS_FAILED")
	}
	long, short := max(size.Width, size.Height), min(size.Width, size.Height)
	if long+short > maxSide || long > maxRatio*short {
		return bad("PHOTO_INVALID_DIMENSIONS")
	}
	f.Width, f.Height = size.Width, size.Height
	return nil
}

func (s *Server) getFile(c *call) (any, *Refusal) {
	f := s.files[c.params["file_id"]]
	switch {
	case c.params["file_id"] == "":
		return nil, bad("file_id not specified")
	case f == nil:
		return nil, bad("wrong file_id or the file is temporarily unavailable")
	case f.Size > maxFetch:
		return nil, bad("file is too big").world()
	}
	return object{"file_id": f.ID, "file_unique_id": f.uniqueID, "file_size": f.Size, "file_path": f.path()}, nil
}

func (f *File) path() string { return path.Join(f.Kind+"s", f.ID) }

func (s *Server) serveFile(w http.ResponseWriter, where string) {
	token, name, _ := strings.Cut(where, "/")
	s.mu.Lock()
	f := s.files[path.Base(name)]
	s.mu.Unlock()
	if token != s.Token || f == nil || f.path() != name {
		write(w, (&Refusal{Code: http.StatusNotFound, Description: "Not Found"}).wire())
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Write(f.Content)
}

// Document is a user who sends a file. A Size above that of the content stands for a file too large
// to be fetched.
func (s *Server) Document(user, chatID int64, f File, opts ...Option) Delivery {
	s.tb.Helper()
	f.Kind = "document"
	return s.say(user, chatID, func(m *Message) { m.File = s.keepFile(&f) }, opts)
}

// Photo is a user who sends a picture.
func (s *Server) Photo(user, chatID int64, content []byte, opts ...Option) Delivery {
	s.tb.Helper()
	f := &File{Kind: "photo", Content: content, Width: 800, Height: 600}
	return s.say(user, chatID, func(m *Message) { m.File = s.keepFile(f) }, opts)
}

// Voice is a user who sends a voice message of so many seconds.
func (s *Server) Voice(user, chatID int64, content []byte, seconds int, opts ...Option) Delivery {
	s.tb.Helper()
	f := &File{Kind: "voice", MIME: "audio/ogg", Content: content, Seconds: seconds}
	return s.say(user, chatID, func(m *Message) { m.File = s.keepFile(f) }, opts)
}
