package main

import (
	"os"
	"reflect"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// environment lists the variables of every setting.
func environment(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, v := range []any{settings{}, person{}} {
		of := reflect.TypeOf(v)
		for field := range of.Fields() {
			name := field.Tag.Get("env")
			require.NotEmpty(t, name, field.Name)
			require.NotEmpty(t, field.Tag.Get("help"), field.Name)
			names = append(names, name)
		}
	}
	return names
}

var variable = regexp.MustCompile(`\b(?:FUNNELBOT_[A-Z_]+|SLACK_[A-Z_]+|TELEGRAM_[A-Z_]+|DATABASE_URL|REDIS_URL)\b`)

func TestEverySettingIsDocumentedAndNoOther(t *testing.T) {
	t.Parallel()
	known := environment(t)
	for _, file := range []string{"../../README.md", "../../deploy/env.example"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		named := map[string]bool{}
		for _, name := range variable.FindAllString(string(text), -1) {
			named[name] = true
		}
		for _, name := range known {
			require.True(t, named[name], "%s does not name %s", file, name)
			delete(named, name)
		}
		delete(named, "TEST_DATABASE_URL")
		require.Empty(t, named, "%s names settings that do not exist", file)
	}
}
