package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hengjian/warehouse"
)

// Organ is one organ (机关) of the register with its relations. The relations
// hold organ ids; "" means none.
type Organ struct {
	ID, Code, Name                              string
	System, Level, Kind, Region                 string
	Order                                       uint64 // administrative order (行政序)
	LedBy, SupervisedBy, AppealsTo, Counterpart string
	Successor                                   string    // the organ that took over on the day after ValidTo (承继机关)
	ValidFrom, ValidTo                          time.Time // ValidTo zero: still in being
}

// procuratorate is the system whose organs lead and supervise here.
const procuratorate = "procuratorate"

// Register is the organ register (机关名录) in memory. It never changes once
// made, so many goroutines may read it.
type Register struct {
	organs     []Organ // administrative order
	byID       map[string]int
	byCode     map[string]int
	leads      map[string][]string
	supervises map[string][]string
}

// LoadRegister reads the organs in force from table organ.
func LoadRegister(ctx context.Context, db *warehouse.DB) (*Register, error) {
	rows, err := db.Query(ctx, `SELECT organ_id, code, name, toString(system), toString(level), toString(kind), toString(region), admin_order,
    ifNull(led_by, ''), ifNull(supervised_by, ''), ifNull(appeals_to, ''), ifNull(counterpart, ''), ifNull(successor, ''), valid_from, valid_to
FROM organ FINAL WHERE retracted = 0 ORDER BY admin_order, organ_id`)
	if err != nil {
		return nil, fmt.Errorf("read the organ register: %w", err)
	}
	defer rows.Close()
	var organs []Organ
	for rows.Next() {
		var o Organ
		var ends *time.Time
		if err := rows.Scan(&o.ID, &o.Code, &o.Name, &o.System, &o.Level, &o.Kind, &o.Region, &o.Order,
			&o.LedBy, &o.SupervisedBy, &o.AppealsTo, &o.Counterpart, &o.Successor, &o.ValidFrom, &ends); err != nil {
			return nil, fmt.Errorf("read the organ register: %w", err)
		}
		if ends != nil {
			o.ValidTo = *ends
		}
		organs = append(organs, o)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the organ register: %w", err)
	}
	return NewRegister(organs), nil
}

// NewRegister makes a register of organs. A relation may name its organ by id
// or by code and becomes an id; one that names no organ here becomes "". Where
// two organs have one code, the code means the one still in being.
func NewRegister(organs []Organ) *Register {
	r := &Register{
		organs: slices.Clone(organs), byID: map[string]int{}, byCode: map[string]int{},
		leads: map[string][]string{}, supervises: map[string][]string{},
	}
	slices.SortFunc(r.organs, func(a, b Organ) int {
		if a.Order != b.Order {
			if a.Order < b.Order {
				return -1
			}
			return 1
		}
		return strings.Compare(a.ID, b.ID)
	})
	for i, o := range r.organs {
		r.byID[o.ID] = i
		if first, taken := r.byCode[o.Code]; !taken || (!r.organs[first].ValidTo.IsZero() && o.ValidTo.IsZero()) {
			r.byCode[o.Code] = i
		}
	}
	for i := range r.organs {
		o := &r.organs[i]
		for _, relation := range []*string{&o.LedBy, &o.SupervisedBy, &o.AppealsTo, &o.Counterpart, &o.Successor} {
			*relation = r.resolve(*relation)
		}
		if o.LedBy != "" && o.LedBy != o.ID {
			r.leads[o.LedBy] = append(r.leads[o.LedBy], o.ID)
		}
		if o.SupervisedBy != "" {
			r.supervises[o.SupervisedBy] = append(r.supervises[o.SupervisedBy], o.ID)
		}
	}
	return r
}

func (r *Register) resolve(name string) string {
	if _, ok := r.byID[name]; ok {
		return name
	}
	if i, ok := r.byCode[name]; ok && name != "" {
		return r.organs[i].ID
	}
	return ""
}

// Heir returns the organ that holds what an organ left on a day: the last of its
// successors whose predecessors had all ended by then, or the organ itself.
func (r *Register) Heir(id string, on time.Time) string {
	seen := map[string]bool{}
	for !seen[id] {
		seen[id] = true
		o, ok := r.ByID(id)
		if !ok || o.Successor == "" || o.Successor == id || o.ValidTo.IsZero() || on.Before(o.ValidTo) {
			break
		}
		id = o.Successor
	}
	return id
}

// ByID returns the organ with that id.
func (r *Register) ByID(id string) (Organ, bool) {
	i, ok := r.byID[id]
	if !ok {
		return Organ{}, false
	}
	return r.organs[i], true
}

// ByCode returns the organ with that code.
func (r *Register) ByCode(code string) (Organ, bool) {
	i, ok := r.byCode[code]
	if !ok {
		return Organ{}, false
	}
	return r.organs[i], true
}

// All returns all organs in administrative order; callers must not change it.
func (r *Register) All() []Organ { return r.organs }

// Led returns the organ and the procuratorates that it leads, directly or
// through others, in administrative order. Nil when the id is unknown.
func (r *Register) Led(id string) []string {
	return r.inOrder(r.reach(id, func(o Organ) bool { return o.System == procuratorate }))
}

// Closure returns what an organ answers for: itself, every organ it leads,
// directly or through others, and the organs that those procuratorates
// supervise, in administrative order. Nil when the id is unknown.
func (r *Register) Closure(id string) []string {
	reached := r.reach(id, func(Organ) bool { return true })
	for leader := range r.reach(id, func(Organ) bool { return true }) {
		if o, _ := r.ByID(leader); o.System != procuratorate {
			continue
		}
		for _, supervised := range r.supervises[leader] {
			reached[supervised] = true
		}
	}
	return r.inOrder(reached)
}

// reach walks down "leads" from id; it ends on circles too.
func (r *Register) reach(id string, wanted func(Organ) bool) map[string]bool {
	found := map[string]bool{}
	if _, ok := r.byID[id]; !ok {
		return found
	}
	queue := []string{id}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		if found[next] {
			continue
		}
		found[next] = true
		for _, led := range r.leads[next] {
			if o, _ := r.ByID(led); wanted(o) {
				queue = append(queue, led)
			}
		}
	}
	return found
}

func (r *Register) inOrder(ids map[string]bool) []string {
	var out []string
	for _, o := range r.organs {
		if ids[o.ID] {
			out = append(out, o.ID)
		}
	}
	return out
}
