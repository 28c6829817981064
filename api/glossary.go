package api

import (
	"context"
	_ "embed"
	"fmt"

	"gopkg.in/yaml.v3"
)

//go:embed glossary.yaml
var glossaryText []byte

// term is one word of the platform.
type term struct {
	Key     string `json:"key"`
	Group   string `json:"group"`
	Name    Text   `json:"name"`
	Meaning Text   `json:"meaning"`
}

// readGlossary reads the embedded words: group, key, then names and meanings.
func readGlossary() ([]term, error) {
	var file []struct {
		Group string
		Terms []struct{ Key, ZH, EN, MeansZH, MeansEN string }
	}
	if err := yaml.Unmarshal(glossaryText, &file); err != nil {
		return nil, fmt.Errorf("read the glossary: %w", err)
	}
	var out []term
	for _, g := range file {
		for _, t := range g.Terms {
			out = append(out, term{Key: t.Key, Group: g.Group, Name: Text{t.ZH, t.EN}, Meaning: Text{t.MeansZH, t.MeansEN}})
		}
	}
	return out, nil
}

// getGlossary answers the words, record types among them.
func (s *Server) getGlossary(context.Context, caller, none) (answer[[]term], error) {
	data := append([]term{}, s.glossary...)
	for _, t := range s.deps.Contracts.Types() {
		data = append(data, term{Key: t.Name, Group: "record_type", Name: Text{t.ZH, t.EN}, Meaning: Text{t.Doc, t.Doc}})
	}
	return answer[[]term]{data: data}, nil
}

// eventName names an event: by its word, else by the record type that declares
// it and the field that holds its time.
func (s *Server) eventName(recordType, event string) Text {
	name := s.word("event", event)
	t, ok := s.deps.Contracts.Type(recordType)
	if name.ZH != event || !ok {
		return name
	}
	for _, e := range t.Events {
		if f, found := t.Field(e.At); found && e.Type == event {
			return Text{t.ZH + "：" + f.ZH, t.EN + ": " + f.EN}
		}
	}
	return name
}

// word returns a term's name; an unknown key is its own name.
func (s *Server) word(group, key string) Text {
	for _, t := range s.glossary {
		if t.Group == group && t.Key == key {
			return t.Name
		}
	}
	return Text{key, key}
}
