package link

import (
	"bytes"
	"context"
	_ "embed" // what records tell of lives
	"fmt"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"
	"gopkg.in/yaml.v3"

	"hengjian/jobs/link/record"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

//go:embed lives.yaml
var livesText []byte

// telling is lives.yaml: the events that tell of a person's whereabouts.
type telling struct {
	Stays []struct {
		Kind  string `yaml:"kind"`
		From  string `yaml:"from"`
		Until string `yaml:"until"`
		Place string `yaml:"place"` // attribute of from with the place; "" for the organ of the record
	} `yaml:"stays"`
	Died []struct {
		Event     string `yaml:"event"`
		Attribute string `yaml:"attribute"`
		Value     string `yaml:"value"`
	} `yaml:"died"`
	Seen []string `yaml:"seen"`
}

// tellings loads lives.yaml and refuses an event that no contract declares.
func tellings(c *contract.Catalogue) (telling, error) {
	var t telling
	d := yaml.NewDecoder(bytes.NewReader(livesText))
	d.KnownFields(true)
	if err := d.Decode(&t); err != nil {
		return t, fmt.Errorf("lives.yaml: %w", err)
	}
	known := map[string]bool{}
	for _, typ := range c.Types() {
		for _, e := range typ.Events {
			known[e.Type] = true
		}
	}
	for _, event := range t.events() {
		if !known[event] {
			return t, fmt.Errorf("lives.yaml: no contract declares the event %q: name one of warehouse/contract/types", event)
		}
	}
	return t, nil
}

// events are all events that t names, each once and in order.
func (t telling) events() []string {
	all := slices.Clone(t.Seen)
	for _, s := range t.Stays {
		all = append(all, s.From, s.Until)
	}
	for _, d := range t.Died {
		all = append(all, d.Event)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// told is one event of a person entry.
type told struct {
	entry, event, organ string
	day                 int32
	attributes          map[string]string
}

// lives reads what records tell of the persons of the entries, by key of entry.
func (j *Job) lives(ctx context.Context, r warehouse.Run, now map[uint64]present) (map[uint64]*record.Life, error) {
	t, err := tellings(j.deps.Catalogue)
	if err != nil {
		return nil, err
	}
	events := t.events()
	var parts []string
	for _, typ := range j.deps.Catalogue.Types() {
		if slices.ContainsFunc(typ.Events, func(e contract.Event) bool { return slices.Contains(events, e.Type) }) {
			parts = append(parts, "SELECT person_entry, event, organ_id, at, tie, attributes FROM ("+typ.EventsSQL()+")")
		}
	}
	rows, err := j.deps.DB.Query(ctx, `SELECT person_entry, toString(event), organ_id, toInt32(toDate32(at)), attributes FROM (
`+strings.Join(parts, "\nUNION ALL\n")+`
) WHERE person_entry != '' AND event IN {events:Array(String)} ORDER BY person_entry, at, tie SETTINGS join_use_nulls = 0`, append(params(r), warehouse.Param("events", warehouse.Array(events)))...)
	if err != nil {
		return nil, fmt.Errorf("read where persons were: %w", err)
	}
	defer rows.Close()
	out, begun := map[uint64]*record.Life{}, map[string]told{}
	for rows.Next() {
		var e told
		if err := rows.Scan(&e.entry, &e.event, &e.organ, &e.day, &e.attributes); err != nil {
			return nil, fmt.Errorf("read where persons were: %w", err)
		}
		key := xxhash.Sum64String(e.entry)
		if _, here := now[key]; !here {
			continue
		}
		if out[key] == nil {
			out[key] = &record.Life{}
		}
		t.tell(out[key], e, begun)
	}
	return out, rows.Err()
}

// tell adds one event to a life; begun holds the stays whose end is not told yet.
func (t telling) tell(l *record.Life, e told, begun map[string]told) {
	if slices.Contains(t.Seen, e.event) {
		l.Seen = max(l.Seen, e.day)
	}
	for _, d := range t.Died {
		if d.Event == e.event && (d.Attribute == "" || e.attributes[d.Attribute] == d.Value) && (l.Died == 0 || e.day < l.Died) {
			l.Died = e.day
		}
	}
	for _, s := range t.Stays {
		at := s.Kind + "|" + e.entry
		if e.event == s.Until {
			if from, ok := begun[at]; ok {
				place := from.organ
				if s.Place != "" && from.attributes[s.Place] != "" {
					place = from.attributes[s.Place]
				}
				l.Stays = append(l.Stays, record.Stay{Kind: s.Kind, Place: place, From: from.day, To: e.day})
				delete(begun, at)
			}
		}
		if e.event == s.From {
			begun[at] = e
		}
	}
}
