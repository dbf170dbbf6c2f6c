// Package csv reads deals, stage history and activities from tables in files, whatever program
// wrote them, and writes tables that it reads again. A mapping says what the columns and words of a
// file mean; what it leaves open is decided by evidence over the whole file or refused, never
// guessed. Files of any size are read in the memory of one row.
package csv
