package main

import (
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"funnelbot/funnel"
)

// machineLanguage is the language that this user's programs speak, by POSIX: LC_ALL, LC_MESSAGES,
// LANG. Anything but Russian is English.
func machineLanguage(getenv func(string) string) funnel.Locale {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			if strings.HasPrefix(strings.ToLower(v), "ru") {
				return funnel.Russian
			}
			return funnel.English
		}
	}
	return funnel.English
}

// machineZone is the zone of this machine by its IANA name, or UTC.
func machineZone(getenv func(string) string) string {
	if tz := strings.TrimPrefix(getenv("TZ"), ":"); tz != "" {
		if _, err := time.LoadLocation(tz); err == nil {
			return tz
		}
	}
	if target, err := os.Readlink("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(filepath.ToSlash(target), "zoneinfo/"); ok {
			if _, err := time.LoadLocation(name); err == nil {
				return name
			}
		}
	}
	return "UTC"
}

// userName is what this user is called, for people who do not say it.
func userName(getenv func(string) string) string {
	if u, err := user.Current(); err == nil {
		if name, _, _ := strings.Cut(u.Name, ","); strings.TrimSpace(name) != "" {
			return strings.TrimSpace(name)
		}
		return u.Username
	}
	if name := getenv("USER"); name != "" {
		return name
	}
	return "me"
}
