// Package memory keeps running dialogs in this process: the same interfaces as storage/redis,
// for a program that runs alone. What it holds ends with the process.
package memory
