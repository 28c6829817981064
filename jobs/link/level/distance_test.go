package level

import (
	"testing"

	"pgregory.net/rapid"
)

// TestSoundsNearIsJaroWinkler: the bound by letters never changes the answer.
func TestSoundsNearIsJaroWinkler(t *testing.T) {
	letters := func(text string) uint64 {
		set := uint64(0)
		for i := range len(text) {
			set |= 1 << (text[i] & 63)
		}
		return set
	}
	near := 0
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.StringOfN(rapid.SampledFrom([]rune("abcdefghi ")), 0, 24, -1).Draw(t, "x")
		y := x
		if len(x) > 1 && rapid.Bool().Draw(t, "slip") {
			at := rapid.IntRange(0, len(x)-1).Draw(t, "at")
			y = x[:at] + rapid.SampledFrom([]string{"", "z", "ab"}).Draw(t, "new") + x[at+1:]
		} else {
			y = rapid.StringOfN(rapid.SampledFrom([]rune("abcdefghi ")), 0, 24, -1).Draw(t, "y")
		}
		want := jaroWinkler(x, y) >= 0.92
		if want {
			near++
		}
		if got := soundsNear(x, y, letters(x), letters(y), 0.92); got != want {
			t.Fatalf("%q %q: %v, Jaro-Winkler says %v", x, y, got, want)
		}
	})
	if near == 0 {
		t.Error("no pair was near")
	}
}
