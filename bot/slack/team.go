package slack

import "context"

// Team returns Slack's identifier of the workspace that the app is installed to, T….
func (d *Door) Team(ctx context.Context) (string, error) {
	self, err := d.me(ctx)
	return self.team, err
}
