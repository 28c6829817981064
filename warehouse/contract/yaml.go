package contract

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Problem is one thing wrong in a definition file, with its place and remedy.
type Problem struct {
	File             string
	Line, Col        int
	ID, What, Remedy string // ID is that of the definition, such as R060 or trial
	kind             string
}

// Error returns file:line:col: id: what: remedy.
func (p Problem) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s: %s", p.File, p.Line, p.Col, p.ID, p.What, p.Remedy)
}

// Problems are all problems of a folder of definitions, in the order of the files.
type Problems []Problem

// Error returns one problem per line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Reading is one definition file being read strictly: every method records what
// is wrong and goes on, so that one pass finds all problems. Nil nodes are absent
// keys and give zero values.
type Reading struct {
	ID       string // set it as soon as the definition's id is known
	Root     *yaml.Node
	problems []Problem
}

// NewReading reads below a node that ReadYAML handed out.
func NewReading(root *yaml.Node) *Reading { return &Reading{ID: "-", Root: root} }

// Problems returns what was refused so far.
func (r *Reading) Problems() []Problem { return r.problems }

// ReadYAML reads each file that matches pattern, in order of names, and hands its
// root to decode, which usually begins with NewReading. Problems of all files
// come back together as Problems; File is filled in here. No file at all is not
// an error.
func ReadYAML(fsys fs.FS, pattern string, decode func(name string, node *yaml.Node) []Problem) error {
	names, err := fs.Glob(fsys, pattern)
	if err != nil {
		return fmt.Errorf("list definitions %s: %w", pattern, err)
	}
	slices.Sort(names)
	var all Problems
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return fmt.Errorf("read definition %s: %w", name, err)
		}
		r := &Reading{ID: "-"}
		var found []Problem
		if r.open(text) {
			found = decode(name, r.Root)
		} else {
			found = r.problems
		}
		slices.SortStableFunc(found, func(a, b Problem) int { return cmp.Or(a.Line-b.Line, a.Col-b.Col) })
		for _, p := range found {
			p.File = name
			all = append(all, p)
		}
	}
	if len(all) > 0 {
		return all
	}
	return nil
}

var atLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// open parses the text into the root node; false when there is nothing to read.
func (r *Reading) open(text []byte) bool {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) {
		r.refuse(nil, "empty_file")
		return false
	}
	if err == nil && !errors.Is(dec.Decode(&more), io.EOF) {
		r.refuse(&more, "several_documents")
		return false
	}
	if err != nil {
		at, what := &yaml.Node{Line: 1, Column: 1}, err.Error()
		if m := atLine.FindStringSubmatch(what); m != nil {
			what = m[2]
			if n, numErr := strconv.Atoi(m[1]); numErr == nil {
				at.Line = n
			}
		}
		r.refuse(at, "not_yaml", what)
		return false
	}
	r.Root = doc.Content[0]
	return true
}

// Refuse records a problem at n; a nil n stands for the whole file.
func (r *Reading) Refuse(n *yaml.Node, what, remedy string) {
	p := Problem{ID: r.ID, What: what, Remedy: remedy, Line: 1, Col: 1}
	if n == nil {
		n = r.Root
	}
	if n != nil && n.Line > 0 {
		p.Line, p.Col = n.Line, max(n.Column, 1)
	}
	r.problems = append(r.problems, p)
}

// refuse records a problem of one kind of the table of messages.
func (r *Reading) refuse(n *yaml.Node, kind string, args ...any) {
	m := messages[kind]
	r.Refuse(n, fmt.Sprintf(m.what, args...), m.remedy)
	r.problems[len(r.problems)-1].kind = kind
}

// Good reports whether nothing was refused so far.
func (r *Reading) Good() bool { return len(r.problems) == 0 }

// Object is a YAML mapping in the order of the file.
type Object struct {
	Node    *yaml.Node
	Keys    []string
	entries map[string]*yaml.Node
}

// At returns the value of a key, nil when it is absent.
func (o Object) At(key string) *yaml.Node { return o.entries[key] }

// Has reports whether the key is there.
func (o Object) Has(key string) bool { return o.entries[key] != nil }

// Object reads a mapping. With keys given, any other key is refused; without,
// every key is taken.
func (r *Reading) Object(n *yaml.Node, keys ...string) Object {
	o := Object{Node: n, entries: map[string]*yaml.Node{}}
	if n == nil {
		return o
	}
	if n.Kind != yaml.MappingNode {
		r.refuse(n, "not_a_mapping")
		return o
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case len(keys) > 0 && !slices.Contains(keys, key.Value):
			r.refuse(key, "unknown_key", key.Value, strings.Join(keys, ", "))
		case o.entries[key.Value] != nil:
			r.refuse(key, "key_twice", key.Value)
		default:
			o.Keys = append(o.Keys, key.Value)
			o.entries[key.Value] = value
		}
	}
	return o
}

// Need refuses each of the keys that o lacks.
func (r *Reading) Need(o Object, keys ...string) {
	for _, key := range keys {
		if !o.Has(key) {
			r.refuse(o.Node, "missing_key", key)
		}
	}
}

// Text reads a scalar as text; an empty one is refused.
func (r *Reading) Text(n *yaml.Node) string {
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || strings.TrimSpace(n.Value) == "" {
		r.refuse(n, "not_text")
		return ""
	}
	return n.Value
}

// Number reads a whole number that is not negative.
func (r *Reading) Number(n *yaml.Node) int {
	if n == nil {
		return 0
	}
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || err != nil || v < 0 {
		r.refuse(n, "not_a_number")
		return 0
	}
	return v
}

// Flag reads true or false.
func (r *Reading) Flag(n *yaml.Node) bool {
	if n == nil {
		return false
	}
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		r.refuse(n, "not_a_flag")
		return false
	}
	return n.Value == "true"
}

// List reads a sequence.
func (r *Reading) List(n *yaml.Node) []*yaml.Node {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		r.refuse(n, "not_a_list")
		return nil
	}
	return n.Content
}

// Texts reads a sequence of texts.
func (r *Reading) Texts(n *yaml.Node) []string {
	var out []string
	for _, item := range r.List(n) {
		out = append(out, r.Text(item))
	}
	return out
}
