package slacktest

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
)

// File is an uploaded file.
type File struct {
	ID, Name, Title, AltText, User string
	// Length is what was announced, Content what came.
	Length  int
	Content []byte
	// Channels are where it was shared; Complete once the upload was finished.
	Channels []string
	Complete bool
}

// Files are the files of the bot and of people, in order of their upload.
func (s *Server) Files() []File {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []File
	for _, f := range s.files {
		list = append(list, *f)
	}
	return list
}

// filing are the methods of files.
func filing() map[string]method {
	return map[string]method{
		"files.getUploadURLExternal": {scope: "files:write", takes: "alt_txt snippet_type", needs: "filename length", do: (*Server).uploadURL},
		"files.completeUploadExternal": {
			scope: "files:write", takes: "channel_id channels initial_comment thread_ts blocks", needs: "files", do: (*Server).completeUpload,
		},
		"files.info": {scope: "files:read", takes: "count page cursor limit", needs: "file", do: (*Server).fileInfo},
	}
}

func (s *Server) file(id string) *File {
	for _, f := range s.files {
		if f.ID == id {
			return f
		}
	}
	return nil
}

func (s *Server) keepFile(user, name string, content []byte) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &File{ID: s.id("F"), Name: name, Title: name, User: user, Length: len(content), Content: content, Complete: true}
	s.files = append(s.files, f)
	return f.ID
}

func (s *Server) uploadURL(a args) (map[string]any, *refused) {
	size := atoi(a.str("length"), 0)
	switch {
	case size < 1 || size > 1<<30:
		return nil, no("invalid_arguments", "[ERROR] length must be from 1 byte to 1 GB")
	case units(a.str("alt_txt")) > 1000:
		return nil, no("alt_txt_too_large")
	}
	f := &File{ID: s.id("F"), Name: a.str("filename"), AltText: a.str("alt_txt"), User: s.BotUserID, Length: size}
	s.files = append(s.files, f)
	return map[string]any{"upload_url": s.http.URL + "/upload/" + f.ID, "file_id": f.ID}, nil
}

func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	f := s.takeFault("upload")
	if f.before(w, r) {
		return
	}
	content, err := uploaded(r)
	s.mu.Lock()
	file := s.file(r.PathValue("id"))
	switch {
	case err != nil || file == nil || file.Content != nil:
		s.refuse("upload", "bad_upload")
		err = http.ErrNotSupported
	case len(content) != file.Length:
		s.refuse("upload", "wrong_length", "[ERROR] announced "+itoa(file.Length)+" bytes, sent "+itoa(len(content)))
		err = http.ErrNotSupported
	default:
		file.Content = content
	}
	s.mu.Unlock()
	switch {
	case f.after(w, r):
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
	default:
		_, _ = w.Write([]byte("OK"))
	}
}

// uploaded is the content, sent as it is or as the one file of a form.
func uploaded(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return io.ReadAll(r.Body)
	}
	form, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	part, err := form.NextPart()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(part)
}

func (s *Server) completeUpload(a args) (map[string]any, *refused) {
	listed := objects(a["files"])
	if len(listed) == 0 {
		return nil, no("invalid_arguments", "[ERROR] no files")
	}
	var ids []string
	for _, one := range listed {
		f := s.file(args(one).str("id"))
		switch {
		case f == nil || f.User != s.BotUserID:
			return nil, no("file_not_found")
		case f.Content == nil:
			return nil, no("file_not_found", "[ERROR] nothing was uploaded yet")
		case f.Complete:
			return nil, no("file_update_failed", "[ERROR] completed before")
		}
		ids = append(ids, f.ID)
	}
	m, to, bad := s.shareMessage(a)
	if bad != nil {
		return nil, bad
	}
	shown := []any{}
	for i, id := range ids {
		f := s.file(id)
		f.Complete, f.Title = true, args(listed[i]).str("title")
		if to != "" {
			f.Channels = append(f.Channels, to)
		}
		shown = append(shown, map[string]any{"id": f.ID, "title": f.Title})
	}
	if to != "" {
		m.Files = ids
		s.put(m, to)
	}
	return map[string]any{"files": shown}, nil
}

// shareMessage is what the files are posted with, and where.
func (s *Server) shareMessage(a args) (*Message, string, *refused) {
	id := a.str("channel_id")
	if many := a.str("channels"); many != "" {
		id = many
	}
	if id == "" {
		return nil, "", nil
	}
	if !strings.ContainsAny(id[:1], "CGD") {
		return nil, "", no("invalid_channel", "[ERROR] must be the id of a conversation: "+id)
	}
	c, bad := s.writable(id)
	if bad != nil {
		return nil, "", bad
	}
	m := &Message{Text: a.str("initial_comment")}
	if m.Text != "" || a["blocks"] != nil {
		if m, bad = sayable(args{"text": a["initial_comment"], "blocks": a["blocks"]}, maxText); bad != nil {
			return nil, "", bad
		}
	}
	if m.ThreadTS, bad = s.threadOf(c.ID, a.str("thread_ts")); bad != nil {
		return nil, "", bad
	}
	return m, c.ID, nil
}

func (s *Server) fileInfo(a args) (map[string]any, *refused) {
	f := s.file(a.str("file"))
	if f == nil || !f.Complete {
		return nil, no("file_not_found")
	}
	return map[string]any{"file": s.fileWire(f), "comments": []any{}, "paging": map[string]any{"count": 0, "total": 0, "page": 1, "pages": 0}}, nil
}

func (s *Server) fileWire(f *File) map[string]any {
	link := s.http.URL + "/files/" + f.ID
	return map[string]any{
		"id": f.ID, "name": f.Name, "title": f.Title, "user": f.User, "size": len(f.Content), "mode": "hosted",
		"filetype": f.Name[strings.LastIndexByte(f.Name, '.')+1:], "url_private": link, "url_private_download": link,
		"alt_txt": f.AltText, "channels": slices.Clone(f.Channels),
	}
}

func (s *Server) fileWires(ids []string) []any {
	var list []any
	for _, id := range ids {
		if f := s.file(id); f != nil {
			list = append(list, s.fileWire(f))
		}
	}
	return list
}

// serveDownload gives a file to who shows the token, and the page to sign in to
// everybody else, as Slack does.
func (s *Server) serveDownload(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.file(r.PathValue("id"))
	allowed := f != nil && f.Complete && s.installed && r.Header.Get("Authorization") == "Bearer "+s.Token
	var content []byte
	if allowed {
		content = f.Content
	} else {
		s.refuse("download", "not_allowed")
	}
	s.mu.Unlock()
	if !allowed {
		w.Header().Set("Content-Type", "text/html")
		_ = json.NewEncoder(w).Encode("sign in")
		return
	}
	_, _ = w.Write(content)
}
