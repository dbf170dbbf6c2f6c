// Package redis keeps running dialogs in Redis, so that all processes of one installation share
// them. It is built to be lost: every call ends within half a second, whatever Redis does.
package redis
