package telegram

import (
	"strings"
	"time"

	"funnelbot/bot"
)

// Sizes of messages, in UTF-16 units after entities are parsed.
const (
	// maxText is of a text (https://core.telegram.org/bots/api#sendmessage).
	maxText = 4096
	// maxCaption is of the words below a file (https://core.telegram.org/bots/api#sendphoto).
	maxCaption = 1024
	// maxSpoken is of what is shown to who pressed a button
	// (https://core.telegram.org/bots/api#answercallbackquery).
	maxSpoken = 200
	// maxHint is of the words in the empty input field (https://core.telegram.org/bots/api#forcereply).
	maxHint = 64
)

// maxParts is how many texts one message may become. What is longer comes as a file: a chat takes
// about one message a second, a group twenty a minute.
const maxParts = 5

// Sizes of keyboards. A message with more buttons is refused with "reply markup is too long"; eight
// in a row is what clients draw (https://core.telegram.org/bots/api#inlinekeyboardmarkup).
const (
	maxRow     = 8
	maxButtons = 100
	// maxLabel is how many cells of a label a phone shows, and rowCells what fits side by side. Both are
	// estimates for a narrow phone, because nothing documents them: clients cut what is longer.
	maxLabel = 48
	rowCells = 36
)

// A question keeps its options in one message: as many as leave room under it for all ways out, and
// whose notes leave room for the question, its help and what was wrong, each of a few hundred units. Where
// there are more, a page has maxSheet of them: a keyboard that is longer is scrolled past.
const (
	maxChoices = maxButtons - 15
	maxSheet   = 40
	maxNotes   = 2000
	maxPicked  = 500
)

// preCells is how wide a table may be before a phone breaks its lines: about 40 letters of fixed
// width on the narrowest ones, less the margins of a message.
const preCells = 34

// Sizes of files (https://core.telegram.org/bots/api#sending-files and #sendphoto).
const (
	maxFile  = 50 << 20
	maxPhoto = 10 << 20
	// maxPhotoSides is of width and height together, maxPhotoRatio of one to the other.
	maxPhotoSides = 10000
	maxPhotoRatio = 20
)

// The menu of commands (https://core.telegram.org/bots/api#botcommand and #setmycommands).
const (
	maxCommands    = 100
	maxCommand     = 32
	maxDescription = 256
)

// maxUpdate is the largest body of a webhook that is read. The largest updates, a text of 4,096
// units with its entities in answer to another one, are far below.
const maxUpdate = 1 << 20

// maxAnswer is the most that is read of an answer of the platform: a hundred updates in one batch.
const maxAnswer = 16 << 20

// keptFor is how long the platform keeps updates that could not be delivered
// (https://core.telegram.org/bots/api#getting-updates).
const keptFor = 24 * time.Hour

// idleCalls is how many connections to the platform are kept open: more than one limiter lets through
// at once.
const idleCalls = 64

// maxStart is the length of what a link may carry (https://core.telegram.org/bots/features#deep-linking).
const maxStart = 64

// Times.
const (
	// callTimeout bounds one call; files take longer.
	callTimeout = 15 * time.Second
	fileTimeout = 60 * time.Second
	// pollTimeout is how long the platform may hold getUpdates open; it takes at most 50 seconds
	// (https://core.telegram.org/bots/api#getupdates). pollGrace is what the answer may take then.
	pollTimeout = 45 * time.Second
	pollGrace   = 15 * time.Second
	// workTimeout bounds what is done for one update: above [bot.Timeout] and the posting of an
	// answer, below what an HTTP server usually gives a response.
	workTimeout = 18 * time.Second
	// drainTimeout is how long work that is under way may go on when the program stops.
	drainTimeout = 4 * time.Second
	// spinFor is how long somebody who pressed a button waits for what came of it before their app stops
	// showing that it works. Nothing documents how long the platform takes the answer.
	spinFor = time.Second
	// tokenPause is how long messages wait while the platform does not know the token: nothing is
	// wrong with them.
	tokenPause = time.Minute
)

// pollBatch is how many updates one getUpdates brings at most, parallel how many chats are answered
// side by side while polling.
const (
	pollBatch = 100
	parallel  = 16
)

// maxTries is how often an update may make the program panic before it is given up.
const maxTries = 3

// keptQuestions and keptParts bound what is remembered in memory: of open questions, and of messages
// that were delivered in part.
const (
	keptQuestions = 10000
	keptParts     = 1000
)

// Limits returns how fast the platform takes messages: about 30 a second in all, one a second in a
// chat with short bursts, 20 a minute in a group
// (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). What a group may
// get at once counts towards its first minute.
func Limits() bot.Limits {
	return bot.Limits{All: 30, Chat: 1, Group: 15.0 / 60, Burst: 3, GroupBurst: 5, IsGroup: isGroup}
}

// isGroup tells groups from people: the identifiers of groups are negative
// (https://core.telegram.org/bots/api#chat).
func isGroup(chat string) bool { return strings.HasPrefix(chat, "-") }
