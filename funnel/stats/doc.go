// Package stats holds the estimators and intervals behind the reports. Every function is pure: it
// takes a small table of counts and gives the same answer for the same table.
package stats
