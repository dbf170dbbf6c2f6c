package telegram

import (
	"context"
	"fmt"
)

// Username returns the bot's name without the @, as the platform knows it.
func (d *Door) Username(ctx context.Context) (string, error) {
	self, err := d.me(ctx)
	if err != nil {
		return "", err
	}
	return self.Username, nil
}

// Link returns the link that opens a chat with the bot of that name and brings the code of an
// invitation with it (https://core.telegram.org/bots/features#deep-linking).
func Link(username, code string) string {
	return fmt.Sprintf("https://t.me/%s?start=%s", username, code)
}
