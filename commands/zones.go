package commands

import (
	"slices"
	"strings"
	"time"
)

// FindZones returns the IANA names of the zones that s may mean, likeliest first: an IANA name in
// any case, a city in English or Russian, МСК+2, or an offset from UTC such as +3, which several
// zones have at that time.
func FindZones(s string, at time.Time) []string {
	w := strings.ReplaceAll(fold(strings.TrimSpace(s)), "_", " ")
	switch w {
	case "":
		return nil
	case "utc", "gmt", "z", "utc+0", "gmt+0", "+0":
		return []string{"UTC"}
	}
	for _, c := range cities() {
		if w == c.english || w == c.russian || w == fold(c.zone) || w == strings.ReplaceAll(fold(c.zone), "_", " ") {
			return []string{c.zone}
		}
	}
	if offset, ok := offsetOf(w); ok {
		var zones []string
		for _, c := range cities() {
			zone, err := time.LoadLocation(c.zone)
			if err == nil && offsetAt(zone, at) == offset && len(zones) < mostZones && !slices.Contains(zones, c.zone) {
				zones = append(zones, c.zone)
			}
		}
		if strings.HasPrefix(w, "мск") || strings.HasPrefix(w, "msk") {
			return zones[:min(1, len(zones))]
		}
		return zones
	}
	if name := zoneName(w); name != "" {
		return []string{name}
	}
	return nil
}

// mostZones is how many zones are offered for an offset.
const mostZones = 5

func offsetAt(zone *time.Location, at time.Time) time.Duration {
	_, seconds := at.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// offsetOf reads +3, UTC+3, GMT-5, +5:30, МСК+2.
func offsetOf(w string) (time.Duration, bool) {
	base := time.Duration(0)
	for _, p := range []string{"utc", "gmt", "мск", "msk"} {
		if rest, ok := strings.CutPrefix(w, p); ok {
			if p == "мск" || p == "msk" {
				base = 3 * time.Hour
			}
			w = strings.TrimSpace(rest)
			break
		}
	}
	if w == "" || w[0] != '+' && w[0] != '-' {
		return 0, false
	}
	hours, minutes, _ := strings.Cut(w[1:], ":")
	if len(hours) > 2 || !plain(hours) || minutes != "" && (len(minutes) != 2 || !plain(minutes)) {
		return 0, false
	}
	if minutes == "" {
		minutes = "0"
	}
	d, err := time.ParseDuration(hours + "h" + minutes + "m")
	if err != nil {
		return 0, false
	}
	if w[0] == '-' {
		d = -d
	}
	return base + d, true
}

// zoneName finds an IANA name: as typed, or as a city of one of the regions. Only letters, digits
// and what such names hold get as far as the files of the system.
func zoneName(w string) string {
	if strings.IndexFunc(w, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '/' && r != ' ' && r != '-' && r != '+'
	}) >= 0 || w == "local" {
		return ""
	}
	name := titled(w)
	candidates := []string{strings.ToUpper(w), name}
	if !strings.Contains(name, "/") {
		for _, region := range []string{"Europe/", "Asia/", "America/", "Africa/", "Australia/", "Atlantic/", "Pacific/", "Indian/"} {
			candidates = append(candidates, region+name)
		}
	}
	for _, c := range candidates {
		if zone, err := time.LoadLocation(c); err == nil {
			return zone.String()
		}
	}
	return ""
}

// titled writes words as IANA names do: America/New_York.
func titled(w string) string {
	out := []byte(strings.ReplaceAll(w, " ", "_"))
	for i, c := range out {
		if c >= 'a' && c <= 'z' && (i == 0 || out[i-1] == '/' || out[i-1] == '_' || out[i-1] == '-') {
			out[i] = c - 'a' + 'A'
		}
	}
	return string(out)
}

type city struct{ zone, english, russian string }

// cities are the zones of people who are likely to write, by the name of the city; they come
// before others that share an offset.
func cities() []city {
	return []city{
		{"Europe/Moscow", "moscow", "москва"},
		{"Europe/Moscow", "msk", "мск"},
		{"Europe/Moscow", "saint petersburg", "санкт-петербург"},
		{"Europe/Moscow", "st petersburg", "питер"},
		{"Europe/Kaliningrad", "kaliningrad", "калининград"},
		{"Europe/Samara", "samara", "самара"},
		{"Asia/Yekaterinburg", "yekaterinburg", "екатеринбург"},
		{"Asia/Yekaterinburg", "chelyabinsk", "челябинск"},
		{"Asia/Yekaterinburg", "ufa", "уфа"},
		{"Europe/Moscow", "kazan", "казань"},
		{"Asia/Omsk", "omsk", "омск"},
		{"Asia/Novosibirsk", "novosibirsk", "новосибирск"},
		{"Asia/Krasnoyarsk", "krasnoyarsk", "красноярск"},
		{"Asia/Irkutsk", "irkutsk", "иркутск"},
		{"Asia/Yakutsk", "yakutsk", "якутск"},
		{"Asia/Vladivostok", "vladivostok", "владивосток"},
		{"Asia/Magadan", "magadan", "магадан"},
		{"Asia/Kamchatka", "kamchatka", "камчатка"},
		{"Europe/London", "london", "лондон"},
		{"Europe/Berlin", "berlin", "берлин"},
		{"Europe/Paris", "paris", "париж"},
		{"Europe/Madrid", "madrid", "мадрид"},
		{"Europe/Rome", "rome", "рим"},
		{"Europe/Warsaw", "warsaw", "варшава"},
		{"Europe/Prague", "prague", "прага"},
		{"Europe/Belgrade", "belgrade", "белград"},
		{"Europe/Amsterdam", "amsterdam", "амстердам"},
		{"Europe/Lisbon", "lisbon", "лиссабон"},
		{"Europe/Kyiv", "kyiv", "киев"},
		{"Europe/Minsk", "minsk", "минск"},
		{"Europe/Istanbul", "istanbul", "стамбул"},
		{"Europe/Helsinki", "helsinki", "хельсинки"},
		{"Asia/Nicosia", "nicosia", "кипр"},
		{"Asia/Dubai", "dubai", "дубай"},
		{"Asia/Tbilisi", "tbilisi", "тбилиси"},
		{"Asia/Yerevan", "yerevan", "ереван"},
		{"Asia/Baku", "baku", "баку"},
		{"Asia/Almaty", "almaty", "алматы"},
		{"Asia/Tashkent", "tashkent", "ташкент"},
		{"Asia/Bishkek", "bishkek", "бишкек"},
		{"Asia/Jerusalem", "tel aviv", "тель-авив"},
		{"Asia/Kolkata", "mumbai", "мумбаи"},
		{"Asia/Bangkok", "bangkok", "бангкок"},
		{"Asia/Singapore", "singapore", "сингапур"},
		{"Asia/Shanghai", "shanghai", "шанхай"},
		{"Asia/Hong_Kong", "hong kong", "гонконг"},
		{"Asia/Tokyo", "tokyo", "токио"},
		{"Australia/Sydney", "sydney", "сидней"},
		{"America/New_York", "new york", "нью-йорк"},
		{"America/Chicago", "chicago", "чикаго"},
		{"America/Denver", "denver", "денвер"},
		{"America/Los_Angeles", "los angeles", "лос-анджелес"},
		{"America/Los_Angeles", "san francisco", "сан-франциско"},
		{"America/Toronto", "toronto", "торонто"},
		{"America/Sao_Paulo", "sao paulo", "сан-паулу"},
	}
}
