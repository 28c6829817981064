package identifier

import (
	"slices"
	"time"
)

// The kinds of change of a division (区划变更).
const (
	Renamed   = "renamed"   // 更名: the code stays
	Recoded   = "recoded"   // 改码: the same place under another code, such as a county that became a district
	Merged    = "merged"    // 并入
	Split     = "split"     // 分设
	Abolished = "abolished" // 撤销: who took over is not known here
)

// RegionChange says what ended a division. It took effect after Earliest and on
// Day at the latest; where both are one day, that is the day.
type RegionChange struct {
	Code, Name    string // of the division that ended
	Day, Earliest time.Time
	Kind          string
	Successors    []string
	Source        string
	at            string // file:line
}

// Changes returns what ended the divisions of a code, the oldest first.
func (r *Regions) Changes(code string) []RegionChange { return slices.Clone(r.changes[code]) }

// AllChanges returns every change by code, then by day.
func (r *Regions) AllChanges() []RegionChange {
	var out []RegionChange
	for _, code := range r.codes {
		out = append(out, r.changes[code]...)
	}
	return out
}

// Digest returns the hex SHA-256 of the files that the register was read from:
// the edition that results name.
func (r *Regions) Digest() string { return r.digest }

// Successors returns the codes that stand, on the day on, for what code meant on
// the day was, sorted: code itself while it stands under whatever name, nil when
// the register does not know who took over. The zero day means, as was, the
// oldest meaning of the code and, as on, today.
func (r *Regions) Successors(code string, was, on time.Time) []string {
	found := map[string]bool{}
	r.follow(code, was, on, found)
	var out []string
	for c := range found {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

// follow goes from change to change; days only grow, so that it ends.
func (r *Regions) follow(code string, was, on time.Time, found map[string]bool) {
	for _, c := range r.changes[code] {
		if c.Kind == Renamed || !c.Day.After(was) || (!on.IsZero() && c.Day.After(on)) {
			continue
		}
		for _, next := range c.Successors {
			r.follow(next, c.Day, on, found)
		}
		return
	}
	if _, stands := r.Lookup(code, on); stands && (!on.IsZero() || r.inForce(code)) {
		found[code] = true
	}
}

// inForce reports whether the newest entry of a code has no end.
func (r *Regions) inForce(code string) bool {
	entries := r.byCode[code]
	return len(entries) > 0 && entries[len(entries)-1].ValidTo.IsZero()
}
