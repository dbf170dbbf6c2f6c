package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// wire is one connection that is kept, over which requests go one after the other. It writes them
// itself: the client of net/http would take as much of the processors as the bot that is measured.
type wire struct {
	host, path string
	dial       net.Dialer
	conn       net.Conn
	in         *bufio.Reader
	out        []byte
	body       bytes.Buffer
}

// answerTimeout is how long an answer is waited for.
const answerTimeout = 10 * time.Second

// newWire reads the address; it connects with the first request.
func newWire(address string) (*wire, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.Host == "" {
		return nil, fmt.Errorf("%q is no address to send to: use http://host:port/path", address)
	}
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), "80")
	}
	return &wire{host: host, path: u.RequestURI()}, nil
}

// post sends a body with its headers, which end with a line break each, and returns the answer. The
// body that it returns is valid until the next call.
func (w *wire) post(ctx context.Context, headers, body []byte) (status int, answer []byte, err error) {
	if w.conn == nil {
		if w.conn, err = w.dial.DialContext(ctx, "tcp", w.host); err != nil {
			return 0, nil, fmt.Errorf("connect: %w", err)
		}
		w.in = bufio.NewReaderSize(w.conn, 16<<10)
	}
	status, answer, err = w.exchange(headers, body)
	if err != nil {
		w.close()
	}
	return status, answer, err
}

func (w *wire) exchange(headers, body []byte) (int, []byte, error) {
	if err := w.conn.SetDeadline(time.Now().Add(answerTimeout)); err != nil {
		return 0, nil, fmt.Errorf("set the deadline: %w", err)
	}
	w.out = append(w.out[:0], "POST "...)
	w.out = append(w.out, w.path...)
	w.out = append(w.out, " HTTP/1.1\r\nHost: "...)
	w.out = append(w.out, w.host...)
	w.out = append(w.out, "\r\n"...)
	w.out = append(w.out, headers...)
	w.out = append(w.out, "Content-Length: "...)
	w.out = strconv.AppendInt(w.out, int64(len(body)), 10)
	w.out = append(w.out, "\r\n\r\n"...)
	w.out = append(w.out, body...)
	if _, err := w.conn.Write(w.out); err != nil {
		return 0, nil, fmt.Errorf("send: %w", err)
	}
	resp, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return 0, nil, fmt.Errorf("read the answer: %w", err)
	}
	w.body.Reset()
	_, err = w.body.ReadFrom(resp.Body)
	if closing := resp.Body.Close(); err == nil {
		err = closing
	}
	if err != nil && err != io.EOF { //nolint:errorlint // nothing wraps it
		return 0, nil, fmt.Errorf("read the answer: %w", err)
	}
	if resp.Close {
		w.close()
	}
	return resp.StatusCode, w.body.Bytes(), nil
}

func (w *wire) close() {
	if w.conn != nil {
		_ = w.conn.Close()
		w.conn = nil
	}
}
