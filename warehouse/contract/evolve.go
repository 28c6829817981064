package contract

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Change is one difference between two versions of the contracts (约定变更).
type Change struct {
	Type, Field string // Field is "" for what concerns the whole type
	Allowed     bool
	What        string // what changed
	Remedy      string // what to do instead, "" where the change is allowed
}

// String returns one line for people.
func (c Change) String() string {
	at, mark, after := c.Type, "allowed", ""
	if c.Field != "" {
		at += "." + c.Field
	}
	if !c.Allowed {
		mark, after = "REFUSED", ": "+c.Remedy
	}
	return fmt.Sprintf("%s %s: %s%s", mark, at, c.What, after)
}

// LoadFrom reads contracts that are not built in: a folder with types/ (or
// contracts/) and codes/, or one file. Code lists that the folder does not hold
// are the built-in ones.
func LoadFrom(place string) (*Catalogue, error) {
	c := &Catalogue{byName: map[string]*Type{}}
	problems := c.loadCodes("")
	info, err := os.Stat(place)
	if err != nil {
		return nil, fmt.Errorf("read contracts: %w", err)
	}
	dir, patterns := place, []string{"types/*.yaml", "contracts/*.yaml"}
	if !info.IsDir() {
		dir, patterns = filepath.Dir(place), []string{filepath.Base(place)}
	}
	problems = append(problems, c.codesOf(layer{fsys: os.DirFS(dir), pattern: "codes/*.yaml", dir: dir})...)
	for _, pattern := range patterns {
		problems = append(problems, c.layer(layer{fsys: os.DirFS(dir), pattern: pattern, dir: dir})...)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	if len(c.byName) == 0 {
		return nil, fmt.Errorf("read contracts: there is no contract in %s: name a folder with types/ or contracts/, or one file", place)
	}
	c.index()
	return c, nil
}

// Diff lists every difference between old and the catalogue that is to follow
// it. What senders and readers rely on may grow, never change or shrink.
func Diff(old, next *Catalogue) []Change {
	var out []Change
	for _, t := range old.types {
		now, ok := next.byName[t.Name]
		if !ok {
			out = append(out, Change{Type: t.Name, What: "the type is gone", Remedy: "keep it; stored records need it"})
			continue
		}
		out = append(out, diffType(t, now)...)
	}
	for _, t := range next.types {
		if _, ok := old.byName[t.Name]; !ok {
			out = append(out, Change{Type: t.Name, Allowed: true, What: "the type is new"})
		}
	}
	return out
}

// differ collects the changes of one type.
type differ struct {
	old, now *Type
	out      []Change
}

func (d *differ) allow(field, format string, args ...any) {
	d.out = append(d.out, Change{Type: d.old.Name, Field: field, Allowed: true, What: fmt.Sprintf(format, args...)})
}

func (d *differ) refuse(field, remedy, format string, args ...any) {
	d.out = append(d.out, Change{Type: d.old.Name, Field: field, What: fmt.Sprintf(format, args...), Remedy: remedy})
}

func diffType(old, now *Type) []Change {
	d := &differ{old: old, now: now}
	const fixed = "make a new type; records are filed by it"
	if !slices.Equal(d.renamed(old.Key), now.Key) {
		d.refuse("", fixed, "the natural key was (%s) and is (%s)", strings.Join(old.Key, ", "), strings.Join(now.Key, ", "))
	}
	if d.rename(old.OrganField) != now.OrganField || d.rename(old.RegionField) != now.RegionField {
		d.refuse("", fixed, "organ or region come from another field")
	}
	if !d.sameDocket() {
		d.refuse("", fixed, "the docket comes from other fields")
	}
	if old.Door != now.Door {
		d.refuse("", "keep the door; let the records come in by the same way", "the door was %s and is %s", old.Door, now.Door)
	}
	for _, s := range old.Senders {
		if !slices.Contains(now.Senders, s) {
			d.refuse("", "keep it among the senders", "%s may not send any more", s)
		}
	}
	for _, s := range now.Senders {
		if !slices.Contains(old.Senders, s) {
			d.allow("", "%s may send too", s)
		}
	}
	switch {
	case old.KeepUnknown && !now.KeepUnknown:
		d.refuse("", "leave unknown: keep; senders rely on it", "unknown fields were kept and are refused")
	case !old.KeepUnknown && now.KeepUnknown:
		d.allow("", "unknown fields are kept in the column extra")
	}
	d.fields()
	d.events()
	switch {
	case now.Version < old.Version:
		d.refuse("", "count it up", "the version goes back from %d to %d", old.Version, now.Version)
	case len(d.out) > 0 && now.Version == old.Version:
		d.refuse("", fmt.Sprintf("write version: %d", old.Version+1), "the contract changed and its version did not")
	}
	return d.out
}

// rename returns the present name of a field of the old version.
func (d *differ) rename(field string) string {
	if _, ok := d.now.Field(field); ok {
		return field
	}
	for _, f := range d.now.Fields {
		if slices.Contains(f.Aliases, field) {
			return f.Name
		}
	}
	return field
}

func (d *differ) renamed(fields []string) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = d.rename(f)
	}
	return out
}

func (d *differ) sameDocket() bool {
	a, b := d.old.Docket, d.now.Docket
	if a == nil || b == nil {
		return a == b
	}
	return DocketRef{d.rename(a.Organ), d.rename(a.Kind), d.rename(a.Number), d.rename(a.Person)} == *b
}

func (d *differ) fields() {
	known := map[string]bool{}
	for _, f := range d.old.Fields {
		name := d.rename(f.Name)
		known[name] = true
		now, ok := d.now.Field(name)
		if !ok {
			d.refuse(f.Name, "keep it; it may become optional, or be renamed with aliases: ["+f.Name+"]", "the field is gone")
			continue
		}
		if name != f.Name {
			d.allow(f.Name, "the field is called %s, and the old name is still taken", name)
		}
		d.field(f, now)
	}
	for _, f := range d.now.Fields {
		switch {
		case known[f.Name]:
		case f.Required && f.OnBad != "flag":
			d.refuse(f.Name, "make it optional; records of the old version lack it", "the field is new and required")
		default:
			d.allow(f.Name, "the field is new and optional")
		}
	}
}

// field compares one field with what it was.
func (d *differ) field(was, now Field) {
	at := was.Name
	if was.Kind != now.Kind {
		d.refuse(at, "add a field of the new type beside it", "the type was %s and is %s", was.Kind, now.Kind)
		return
	}
	if was.Personal != now.Personal {
		d.refuse(at, "add a field of the other class beside it", "the class of personal data was %q and is %q", was.Personal, now.Personal)
	}
	if now.Required && !was.Required {
		d.refuse(at, "leave it optional", "the field was optional and is required")
	} else if was.Required && !now.Required {
		d.allow(at, "the field is optional now")
	}
	if was.OnBad != now.OnBad {
		if now.OnBad == "reject" {
			d.refuse(at, "keep on_bad: flag", "a bad value was flagged and now refuses the record")
		} else {
			d.allow(at, "a bad value is flagged now")
		}
	}
	if now.Max != was.Max {
		if now.Max != 0 && (was.Max == 0 || now.Max < was.Max) {
			d.refuse(at, "keep the longer limit", "the length was %d and is %d", was.Max, now.Max)
		} else {
			d.allow(at, "longer texts are taken")
		}
	}
	if was.Future && !now.Future {
		d.refuse(at, "keep future: true", "days after the sending were allowed and are not")
	}
	d.codes(was, now)
}

func (d *differ) codes(was, now Field) {
	has := func(values []Value, code string) bool {
		return slices.ContainsFunc(values, func(v Value) bool { return v.Code == code })
	}
	var added []string
	for _, v := range was.Values {
		if !has(now.Values, v.Code) {
			d.refuse(was.Name, "keep the code; stored records hold it", "code %s is gone", v.Code)
		}
	}
	for _, v := range now.Values {
		if !has(was.Values, v.Code) {
			added = append(added, v.Code)
		}
	}
	if len(added) > 0 {
		d.allow(was.Name, "new codes: %s", strings.Join(added, ", "))
	}
}

func (d *differ) events() {
	id := func(e Event) string { return fmt.Sprintf("%s#%d@%s", e.Type, e.Ordinal, e.At) }
	now, old := map[string]Event{}, map[string]bool{}
	for _, e := range d.now.Events {
		now[id(e)] = e
	}
	for _, was := range d.old.Events {
		was.At = d.rename(was.At)
		old[id(was)] = true
		e, ok := now[id(was)]
		if !ok || e.Precision != was.Precision {
			d.refuse("", "keep it; rules read it", "event %s is gone or has another time", was.Type)
			continue
		}
		for _, a := range was.Attributes {
			if !slices.Contains(e.Attributes, a) && !slices.ContainsFunc(d.now.Columns(), func(c Column) bool {
				return slices.Contains(e.Attributes, c.Name) && slices.Contains(d.now.earlier(c), a)
			}) {
				d.refuse("", "keep it; rules read it", "event %s lost its attribute %s", was.Type, a)
			}
		}
		for field, codes := range was.When {
			for _, code := range codes {
				if _, still := e.When[d.rename(field)]; still && !slices.Contains(e.When[d.rename(field)], code) {
					d.refuse("", "keep the condition as wide as it was", "event %s no longer happens for %s=%s", was.Type, field, code)
				}
			}
		}
		for _, field := range slices.Sorted(maps.Keys(e.When)) {
			if len(was.When) == 0 || !slices.ContainsFunc(slices.Collect(maps.Keys(was.When)), func(f string) bool { return d.rename(f) == field }) {
				d.refuse("", "keep the condition as wide as it was", "event %s now asks for a %s", was.Type, field)
			}
		}
	}
	for _, e := range d.now.Events {
		if !old[id(e)] {
			d.allow("", "event %s is new", e.Type)
		}
	}
}
