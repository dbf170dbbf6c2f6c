package slacktest

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// checker walks decoded JSON and collects what Slack would complain about.
type checker struct {
	surface  string // "message", "modal" or "home"
	messages []string
	ids      map[string]bool
	actions  map[string]bool
	length   int // of all text that is shown
	focused  int
}

func newChecker(surface string) *checker {
	return &checker{surface: surface, ids: map[string]bool{}, actions: map[string]bool{}}
}

func (c *checker) fail(at, format string, args ...any) {
	c.messages = append(c.messages, "[ERROR] "+fmt.Sprintf(format, args...)+" [json-pointer:"+at+"]")
}

// rule looks at one value.
type rule func(c *checker, at string, v any)

// shape names the fields of an object; a name that starts with ! is required.
type shape map[string]rule

// object refuses what is not named and asks for what is required.
func object(fields shape) rule {
	return func(c *checker, at string, v any) {
		given, ok := v.(map[string]any)
		if !ok {
			c.fail(at, "must provide an object")
			return
		}
		for _, name := range sortedKeys(fields) {
			if bare, required := strings.CutPrefix(name, "!"); required {
				if value, there := given[bare]; !there || value == nil {
					c.fail(at, "missing required field: %s", bare)
				}
			}
		}
		for _, name := range sortedKeys(given) {
			check := fields[name]
			if check == nil {
				check = fields["!"+name]
			}
			switch {
			case check == nil:
				c.fail(at+"/"+name, "invalid additional property: %s", name)
			case given[name] == nil:
				if fields["!"+name] == nil {
					c.fail(at+"/"+name, "must not be null")
				}
			default:
				check(c, at+"/"+name, given[name])
			}
		}
	}
}

// byType picks the shape of an object by its field "type".
func byType(kinds map[string]shape) rule {
	return func(c *checker, at string, v any) {
		given, ok := v.(map[string]any)
		if !ok {
			c.fail(at, "must provide an object")
			return
		}
		kind, _ := given["type"].(string)
		fields, known := kinds[kind]
		if !known {
			c.fail(at+"/type", "unsupported type: %s", kind)
			return
		}
		fields["!type"] = text(1, maxID)
		object(fields)(c, at, v)
	}
}

// list takes from least to most values, each by the rule.
func list(least, most int, each rule) rule {
	return func(c *checker, at string, v any) {
		values, ok := v.([]any)
		switch {
		case !ok:
			c.fail(at, "must provide an array")
			return
		case len(values) < least:
			c.fail(at, "no fewer than %d items allowed", least)
		case len(values) > most:
			c.fail(at, "no more than %d items allowed", most)
		}
		for i, value := range values {
			each(c, at+"/"+itoa(i), value)
		}
	}
}

// text takes a string of least to most UTF-16 units.
func text(least, most int) rule {
	return func(c *checker, at string, v any) {
		given, ok := v.(string)
		size := units(given)
		switch {
		case !ok:
			c.fail(at, "must provide a string")
		case size < least:
			c.fail(at, "must be more than %d characters", least-1)
		case size > most:
			c.fail(at, "must be less than %d characters", most+1)
		}
	}
}

func anyOf(words ...string) rule {
	return func(c *checker, at string, v any) {
		given, ok := v.(string)
		if !ok || !slices.Contains(words, given) {
			c.fail(at, "must be one of: %s", strings.Join(words, ", "))
		}
	}
}

func boolean(c *checker, at string, v any) {
	if _, ok := v.(bool); !ok {
		c.fail(at, "must provide a boolean")
	}
}

func integer(least, most int64) rule {
	return func(c *checker, at string, v any) {
		n, ok := v.(float64)
		if !ok || n != math.Trunc(n) || int64(n) < least || int64(n) > most {
			c.fail(at, "must be an integer from %d to %d", least, most)
		}
	}
}

// all applies several rules to one value.
func all(rules ...rule) rule {
	return func(c *checker, at string, v any) {
		for _, check := range rules {
			check(c, at, v)
		}
	}
}

func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

func itoa(n int) string { return strconv.Itoa(n) }

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
