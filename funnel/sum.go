package funnel

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// UnmarshalJSON implements json.Unmarshaler for what [Sum.MarshalJSON] writes.
func (s *Sum) UnmarshalJSON(b []byte) error {
	var written struct {
		Amount   string   `json:"amount"`
		Currency Currency `json:"currency"`
	}
	if err := json.Unmarshal(b, &written); err != nil {
		return fmt.Errorf("read a sum: %w", err)
	}
	whole, part, _ := strings.Cut(written.Amount, ".")
	if len(part) != written.Currency.Exponent() {
		return fmt.Errorf("read a sum: %q is no amount of %q", written.Amount, written.Currency)
	}
	minor, err := strconv.ParseInt(whole+part, 10, 64)
	if err != nil {
		return fmt.Errorf("read a sum: %w", err)
	}
	*s = Sum{Minor: minor, Currency: written.Currency}
	return nil
}
