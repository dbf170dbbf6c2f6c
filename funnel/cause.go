package funnel

// TraitPace stands for no trait of deals: the stage became slower. It has no slices.
const TraitPace Trait = "pace"

// Weakness is why a stage is weak: the group of deals without which a stage would be nearest to what it was. The zero Trait
// says that there is no single cause.
type Weakness struct {
	Trait Trait `json:"trait"`
	// Value and Name are as those of [SliceGroup].
	Value string `json:"value,omitempty"`
	Name  string `json:"name,omitempty"`
	// Spells is how many stays of the group touch the window, and Of how many there are in all.
	Spells int `json:"spells"`
	Of     int `json:"of"`
	// Conversion is that of the group alone, and Without that of the others; of a loss reason, which
	// only the lost have, Conversion is without a value.
	Conversion Conversion `json:"conversion"`
	Without    Conversion `json:"without"`
	// Before is the conversion of the others over the windows before; nil without a baseline.
	Before *float64 `json:"without_before,omitempty"`
	// Explains is the share of the gap that is gone without the group, 0..1.
	Explains float64 `json:"explains"`
}
