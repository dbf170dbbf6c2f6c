package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestThePasswordIsNoArgumentOfAProgram(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ address, rest, password string }{
		{"postgres://bot:s3cret@db:5432/f?sslmode=require", "postgres://bot@db:5432/f?sslmode=require", "s3cret"},
		{"postgres://bot:p%40ss@db/f", "postgres://bot@db/f", "p@ss"},
		{"host=db user=bot password=s3cret dbname=f", "host=db user=bot  dbname=f", "s3cret"},
		{"host=db password='a b' dbname=f", "host=db  dbname=f", "a b"},
		{"postgres://db/f?user=u&password=x&sslmode=require", "postgres://db/f?sslmode=require&user=u", "x"},
		{"postgres:///f?host=%2Frun", "postgres:///f?host=%2Frun", ""},
	} {
		rest, password := withoutPassword(c.address)
		require.Equal(t, c.rest, rest)
		require.Equal(t, c.password, password)
	}
}
