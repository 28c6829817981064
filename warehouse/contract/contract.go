// Package contract owns the record contracts (数据约定): what each sender sends,
// under which natural key, with which fields and events. It promises that a
// Catalogue is complete and free of contradictions once it is loaded, and that
// tables, state queries, events and the dictionary all come from it alone. It
// never reads the wall clock, never reads records, and never guesses a field.
package contract

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"hengjian/warehouse/migrations"
)

//go:embed types/*.yaml codes/*.yaml refusal.yaml
var embedded embed.FS

// Catalogue is the set of all record contracts in force.
type Catalogue struct {
	types    []*Type
	byName   map[string]*Type
	codes    map[string]CodeList
	refusals map[string]Refusal
	taken    []string // tables that no type may be named like
	digest   string
}

// Load reads the embedded contracts and shared code lists and those of
// overlay/contracts and overlay/codes; "" means no overlay. What the overlay holds
// replaces the embedded one of its name. All problems of all files come back at
// once as Problems.
func Load(overlay string) (*Catalogue, error) {
	taken, err := migrations.Tables()
	if err != nil {
		return nil, fmt.Errorf("list the tables that no type may be named like: %w", err)
	}
	c := &Catalogue{byName: map[string]*Type{}, taken: taken}
	problems := c.loadCodes(overlay)
	problems = append(problems, c.layer(layer{fsys: embedded, pattern: "types/*.yaml"})...)
	if overlay != "" {
		problems = append(problems, c.layer(layer{fsys: os.DirFS(overlay), pattern: "contracts/*.yaml", dir: overlay})...)
	}
	problems = append(problems, c.loadRefusals()...)
	if len(problems) > 0 {
		return nil, problems
	}
	c.index()
	return c, nil
}

// index orders what was loaded and computes its digest.
func (c *Catalogue) index() {
	for _, t := range c.byName {
		c.types = append(c.types, t)
	}
	slices.SortFunc(c.types, func(a, b *Type) int { return strings.Compare(a.Name, b.Name) })
	c.digest = digest(c.types)
}

// layer adds the contracts of one folder; a name may appear once per layer.
func (c *Catalogue) layer(l layer) Problems {
	seen := map[string]string{}
	err := ReadYAML(l.fsys, l.pattern, func(name string, root *yaml.Node) []Problem {
		r := NewReading(root)
		t := parse(r)
		if t == nil {
			return r.Problems()
		}
		if first, twice := seen[t.Name]; twice {
			r.refuse(r.Root, "type_twice", t.Name, path.Base(first))
			return r.Problems()
		}
		seen[t.Name] = name
		c.share(r, t)
		check(r, t, c.taken)
		c.byName[t.Name] = t.Type
		return r.Problems()
	})
	var problems Problems
	if errors.As(err, &problems) {
		for i := range problems {
			problems[i].File = path.Join(l.dir, problems[i].File)
		}
		return problems
	}
	if err != nil {
		return Problems{{File: path.Join(l.dir, l.pattern), What: err.Error(), Remedy: "check that the folder can be read"}}
	}
	return nil
}

// Types returns all contracts by name.
func (c *Catalogue) Types() []*Type { return c.types }

// Type returns the contract of one record type.
func (c *Catalogue) Type(name string) (*Type, bool) {
	t, ok := c.byName[name]
	return t, ok
}

// Digest returns the hex SHA-256 of the contracts in canonical form: comments,
// order of files and layout do not count.
func (c *Catalogue) Digest() string { return c.digest }
