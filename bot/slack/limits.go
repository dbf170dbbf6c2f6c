package slack

import (
	"time"

	"funnelbot/bot"
)

// Sizes of messages, counted in UTF-16 units. The sum of all text is not documented: Slack answers
// msg_blocks_too_long somewhere above 12,000
// (https://docs.slack.dev/reference/methods/chat.postMessage,
// https://docs.slack.dev/reference/methods/chat.update).
const (
	maxBlocks  = 50
	maxShown   = 11000
	maxSummary = 2900 // chat.update takes 4,000 with its escapes
)

// Sizes of views (https://docs.slack.dev/reference/views/modal-views).
const (
	maxViewBlocks = 100
	maxView       = 250 << 10 // bytes
	maxTitle      = 24
	maxMetadata   = 3000
	// maxIdentifier is the longest block_id and action_id.
	maxIdentifier = 255
)

// maxFormQuestions is how many questions are asked in one view: each may need a heading, a reason why
// it was not taken and three inputs, beside a lead and the buttons. What is too large all the same is
// asked in smaller pages.
const maxFormQuestions = (maxViewBlocks - 2) / 5

// maxReason keeps the reasons of a whole page within maxAcknowledgement.
const maxReason = 200

// Sizes of blocks (https://docs.slack.dev/reference/block-kit/blocks).
const (
	maxSection  = 3000
	maxFields   = 10
	maxField    = 2000
	maxHeader   = 150
	maxContext  = 2000
	maxElements = 25
	maxLabel    = 2000
	maxHint     = 2000
)

// maxAlt is the longest description of a file
// (https://docs.slack.dev/reference/methods/files.getUploadURLExternal).
const maxAlt = 1000

// Sizes of elements and composition objects
// (https://docs.slack.dev/reference/block-kit/block-elements,
// https://docs.slack.dev/reference/block-kit/composition-objects).
const (
	maxButton      = 75
	maxOption      = 75
	maxOptions     = 100
	maxRadio       = 10 // as many as checkboxes
	maxValue       = 150
	maxToggles     = 10
	maxPlaceholder = 150
	maxTyped       = 3000
	// maxMenu keeps a full menu and a block of fields well below what a message may hold in all.
	maxMenu = 5000
)

// maxTable is the width of a table that a screen shows without breaking its lines; wider ones are
// shown a row an item.
const maxTable = 72

// patience is how long the door lets others wait.
type patience struct {
	// acknowledge is when a request is answered at the latest, load when a view is opened for an answer
	// that takes its time.
	acknowledge, load time.Duration
	// ask is how long a visit waits in all to be told who and where it is. Without that the person has no
	// name and the channel counts as read by outsiders, but nobody waits for a slow Slack.
	ask time.Duration
}

// usual is what Slack allows (https://docs.slack.dev/interactivity/handling-user-interaction). The
// acknowledgement is due after 3 seconds and the trigger of a modal ends with them, so both are used
// with room for the network.
func usual() patience {
	return patience{acknowledge: 2 * time.Second, load: time.Second, ask: 2 * time.Second}
}

// meetAfter is how long an event waits for the door to learn who it is, which it does once.
const meetAfter = 800 * time.Millisecond

// maxHooked is how many messages of one answer go through a response_url, which is good for five
// (https://docs.slack.dev/interactivity/handling-user-interaction#message_responses); the others
// stay for what is asked from there later.
const maxHooked = 3

// window is how far the clock of a signed request may be off, either way
// (https://docs.slack.dev/authentication/verifying-requests-from-slack).
const window = 5 * time.Minute

// maxBody is the largest request that is read. Slack's own are below 250 KB, which is what a view
// may hold.
const maxBody = 1 << 20

// maxAcknowledgement is what a Socket Mode acknowledgement may hold: above 20 KB it is dropped
// without a word (https://github.com/slack-go/slack, socketmode/socketmode.go: maxResponseSize).
const maxAcknowledgement = 19 << 10

// maxText is the longest text that is taken from a message, in bytes. Package commands refuses
// long lines with words of its own; this only keeps what Slack never sends out of memory.
const maxText = 64 << 10

const (
	// callTimeout bounds one call of the Web API, uploadTimeout one with a file in it.
	callTimeout   = 8 * time.Second
	uploadTimeout = 30 * time.Second
	// idleCalls is how many connections to Slack are kept open.
	idleCalls = 32
	// workTimeout bounds what one act leads to, its answer and the sending of it.
	workTimeout = 60 * time.Second
	// drainTimeout is how long work goes on after the stop.
	drainTimeout = 4 * time.Second
	// flushFor is how long a connection stays after that: the library does not say when the last
	// acknowledgement has been written.
	flushFor = 100 * time.Millisecond
	// knownFor is how long people and channels are remembered, circleFor the members of a circle,
	// openFor direct messages, which stay what they are, unknownFor that there was no answer, askedFor
	// the questions that wait there.
	knownFor   = 2 * time.Minute
	circleFor  = 90 * time.Second
	openFor    = time.Hour
	unknownFor = 15 * time.Second
	askedFor   = 12 * time.Hour
	// maxKnown is how many of each are remembered.
	maxKnown = 10000
)

// maxPages bounds what is read of a list: 20 pages of 1,000 members.
const (
	maxPages   = 20
	memberPage = 1000
	// lookBack is how many messages are searched for one that may have arrived.
	lookBack = 200
)

// Limits is the pacing of the platform: one message a second to a channel, with short bursts
// (https://docs.slack.dev/apis/web-api/rate-limits). What a workspace may be sent in all is several
// hundred a minute and named no more exactly.
func Limits() bot.Limits {
	return bot.Limits{All: 10, Chat: 1, Burst: 4}
}
