package level

import "math/bits"

// edits is the optimal string alignment distance of x and y (substitution,
// insertion, removal, exchange of neighbours), or limit+1 as soon as it is more
// than limit. Texts are at most 31 long; longer ones count as far apart.
func edits[T byte | rune](x, y []T, limit int) int {
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	if d := len(x) - len(y); d > limit || -d > limit || len(x) > 31 || len(y) > 31 {
		return limit + 1
	}
	if len(x) == 0 || len(y) == 0 {
		return len(x) + len(y)
	}
	if limit == 1 {
		if len(x) == 1 && len(y) == 1 || len(x) == 2 && len(y) == 2 && x[0] == y[1] && x[1] == y[0] {
			return 1
		}
		return 2
	}
	return aligned(x, y, limit)
}

// aligned fills the table of the distance row by row.
func aligned[T byte | rune](x, y []T, limit int) int {
	var rows [3][32]int
	for j := range len(y) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		row, above := &rows[i%3], &rows[(i+2)%3]
		row[0] = i
		best := i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d := min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, rows[(i+1)%3][j-2]+1)
			}
			row[j] = d
			best = min(best, d)
		}
		if best > limit {
			return limit + 1
		}
	}
	return min(rows[len(x)%3][len(y)], limit+1)
}

// soundsNear reports whether the Jaro-Winkler similarity of two texts is at least a
// bound. Letters that only one text has match nothing: where the similarity could
// not be reached even if all others matched, nothing is compared.
func soundsNear(x, y string, lettersX, lettersY uint64, bound float64) bool {
	if n := min(len(x)-bits.OnesCount64(lettersX&^lettersY), len(y)-bits.OnesCount64(lettersY&^lettersX)); len(x) > 0 && len(y) > 0 && len(x) <= 64 && len(y) <= 64 {
		m := float64(n)
		most := (m/float64(len(x)) + m/float64(len(y)) + 1) / 3
		prefix := 0
		for prefix < min(4, len(x), len(y)) && x[prefix] == y[prefix] {
			prefix++
		}
		if most+float64(prefix)*0.1*(1-most) < bound-1e-9 {
			return false
		}
	}
	return jaroWinkler(x, y) >= bound
}

// jaroWinkler is the Jaro-Winkler similarity of two texts of bytes, 0 to 1, with
// a prefix of at most four and the weight 0.1. Of longer texts 64 bytes count.
func jaroWinkler(x, y string) float64 {
	x, y = x[:min(len(x), 64)], y[:min(len(y), 64)]
	if x == y {
		return 1
	}
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	window := max(len(x), len(y))/2 - 1
	window = max(window, 0)
	var inX, inY uint64
	matches := 0
	for i := range len(x) {
		for j := max(0, i-window); j <= min(len(y)-1, i+window); j++ {
			if inY>>j&1 == 0 && x[i] == y[j] {
				inX |= 1 << i
				inY |= 1 << j
				matches++
				break
			}
		}
	}
	if matches == 0 {
		return 0
	}
	moved := 0
	for p, q := inX, inY; p != 0; p, q = p&(p-1), q&(q-1) {
		if x[bits.TrailingZeros64(p)] != y[bits.TrailingZeros64(q)] {
			moved++
		}
	}
	m := float64(matches)
	jaro := (m/float64(len(x)) + m/float64(len(y)) + (m-float64(moved/2))/m) / 3
	prefix := 0
	for prefix < min(4, len(x), len(y)) && x[prefix] == y[prefix] {
		prefix++
	}
	return jaro + float64(prefix)*0.1*(1-jaro)
}
