package funnel

import (
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"time"
)

// How long codes can be used, and how often somebody may be wrong about one.
const (
	InviteLasts = 7 * 24 * time.Hour
	LinkLasts   = 15 * time.Minute
	// MaxGuesses wrong codes within GuessWindow of the first make a door deaf to that identity until
	// the window is over.
	MaxGuesses  = 5
	GuessWindow = 15 * time.Minute
)

// codeAlphabet is Crockford's base 32: what is read out or copied by hand has no letters that look
// like digits, https://www.crockford.com/base32.html.
const codeAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// A code is 100 random bits, written in groups. Telegram takes letters, digits, hyphens and at most
// 64 characters in a start link, https://core.telegram.org/bots/features#deep-linking.
const (
	codeLength = 20
	codeGroup  = 5
)

// applicationLength is short, because the code of an application is a name and no secret: only
// admins of its workspace can do anything with it.
const applicationLength = 10

// CodeHash is what is kept of a code: SHA-256 of its characters. A code of 100 random bits needs no
// salt and no slow hash.
type CodeHash [sha256.Size]byte

// IsZero reports whether there is no code.
func (h CodeHash) IsZero() bool { return h == CodeHash{} }

// newCode returns a code as it is shown, and its hash.
func newCode() (string, CodeHash) {
	plain := randomText(codeLength)
	var b strings.Builder
	for i := 0; i < len(plain); i += codeGroup {
		if i > 0 {
			b.WriteByte('-')
		}
		b.WriteString(plain[i : i+codeGroup])
	}
	return b.String(), hashCode(plain)
}

// randomText returns n characters of the alphabet from the random source of the system, which
// ends the program rather than fail.
func randomText(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	for i := range b {
		b[i] = codeAlphabet[int(b[i])%len(codeAlphabet)]
	}
	return string(b)
}

// misread are characters that people write for others, and those that only make a code readable.
var misread = strings.NewReplacer("o", "0", "i", "1", "l", "1", "-", "", " ", "", "\u00a0", "", "\u2011", "", "\u2013", "", "_", "")

// hashCode hashes a code in whatever way it was written down.
func hashCode(code string) CodeHash {
	return sha256.Sum256([]byte(misread.Replace(strings.ToLower(strings.TrimSpace(code)))))
}
