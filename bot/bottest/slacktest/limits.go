package slacktest

import "time"

// Limits of a message, https://docs.slack.dev/reference/methods/chat.postMessage
// and https://docs.slack.dev/reference/methods/chat.update.
const (
	maxText       = 40000
	maxUpdateText = 4000
	// maxAllText is not documented: above about 12,000 characters in the blocks
	// together Slack answers msg_blocks_too_long.
	maxAllText       = 12000
	maxMessageBlocks = 50
	maxMetadata      = 16 * 1024
)

// Limits of a view, https://docs.slack.dev/reference/views/modal-views.
const (
	maxViewBlocks      = 100
	maxViewTitle       = 24
	maxPrivateMetadata = 3000
	maxViewStack       = 3
	maxViewSize        = 250 * 1024
)

// Limits of blocks, https://docs.slack.dev/reference/block-kit/blocks.
const (
	maxID            = 255
	maxSectionText   = 3000
	maxFields        = 10
	maxField         = 2000
	maxHeader        = 150
	maxContext       = 10
	maxActions       = 25
	maxLabel         = 2000
	maxImageAlt      = 2000
	maxImageTitle    = 2000
	maxMarkdownBlock = 12000
)

// Limits of elements and composition objects,
// https://docs.slack.dev/reference/block-kit/block-elements and
// https://docs.slack.dev/reference/block-kit/composition-objects.
const (
	maxButtonText   = 75
	maxButtonValue  = 2000
	maxURL          = 3000 // of buttons, options and images
	maxOptionText   = 75
	maxOptionValue  = 150
	maxOptions      = 100
	maxChoices      = 10 // checkboxes and radio buttons
	maxOverflow     = 5
	maxPlaceholder  = 150
	maxInputLength  = 3000
	maxConfirmTitle = 100
	maxConfirmText  = 300
	maxConfirmLabel = 30
	maxLabelAloud   = 75
)

// Times of interactions, https://docs.slack.dev/interactivity/handling-user-interaction.
const (
	ackWithin       = 3 * time.Second
	triggerLives    = 3 * time.Second
	hookLives       = 30 * time.Minute
	hookUses        = 5
	maxSocketAnswer = 20 * 1024 // larger acknowledgements are dropped without a word
)
