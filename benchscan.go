package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/buger/jsonparser"
	"github.com/bytedance/sonic/ast"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/minio/simdjson-go"
	"github.com/tidwall/gjson"
	"github.com/valyala/fastjson"

	"hengjian/ingest/decode"
)

// walker goes through the members of a message and of its payload, which is what
// the decoder's plan needs of a scanner, and counts them; false when it takes the
// text for broken.
type walker struct {
	name string
	walk func(message []byte) (members int, ok bool)
}

// payloadMember is the member whose own members are walked too.
const payloadMember = "payload"

// walkers are our scanner, first, and the well-kept ones that a decoder could be
// built on.
func walkers() []walker {
	own := decode.NewWalker()
	all := []walker{
		{"hengjian", own.Walk},
		{"encoding/json tokens", walkTokens},
		{"go-json-experiment jsontext", walkText()},
		{"buger/jsonparser", walkParser},
		{"valyala/fastjson", walkFast(false)},
		{"valyala/fastjson with its check", walkFast(true)},
		{"tidwall/gjson", walkGJSON},
		{"bytedance/sonic ast", walkSonic},
	}
	if simdjson.SupportedCPU() {
		all = append(all, walker{"minio/simdjson-go", walkSIMD()})
	}
	return all
}

// scanAll makes a contender of a walker.
func scanAll(messages *heard, w walker) contender {
	return contender{"scan " + w.name, func(context.Context) (int, error) {
		n := 0
		for _, values := range messages.byTopic {
			for _, value := range values {
				w.walk(value)
				n++
			}
		}
		return n, nil
	}}
}

// broken are texts that are no strict JSON in UTF-8; a scanner that takes one for
// whole would let it into the log.
func broken() [][]byte {
	inside := func(payload string) []byte { return []byte(`{"message_id":"1","payload":` + payload + `}`) }
	return [][]byte{
		inside(`{"a":"b"`), inside(`{"a":01}`), inside(`{"a":1.}`), inside(`{"a":+1}`), inside(`{"a":.5}`), inside(`{"a":NaN}`), inside(`{"a":tru}`),
		inside(`{"a":"b",}`), inside(`{"a":[1,]}`), inside(`{"a" "b"}`), inside(`{a:"b"}`), inside(`{'a':'b'}`), inside(`{"a":"\x"}`), inside(`{"a":"\u12"}`),
		inside("{\"a\":\"\x01\"}"), inside("{\"a\":\"\xff\"}"), inside("{\"a\":\"line\nbreak\"}"), inside(`{"a":1 2}`), inside(`{"a":"b"}}`), append(inside(`{}`), `{}`...),
		inside(strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)),
	}
}

// taken counts the broken texts that a walker does not refuse.
func taken(w walker) int {
	n := 0
	for _, text := range broken() {
		if _, ok := w.walk(text); ok {
			n++
		}
	}
	return n
}

// walkTokens uses the standard library's decoder token by token.
func walkTokens(message []byte) (int, bool) {
	d := json.NewDecoder(bytes.NewReader(message))
	members := 0
	for depth, inKey := 0, map[int]bool{}; ; {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return members, depth == 0
		}
		if err != nil {
			return members, false
		}
		switch t {
		case json.Delim('{'):
			depth++
			inKey[depth] = true
			continue
		case json.Delim('}'):
			depth--
		case json.Delim('['):
			depth++
			inKey[depth] = false
			continue
		case json.Delim(']'):
			depth--
		default:
			if inKey[depth] && depth <= 2 {
				members++
			}
		}
	}
}

// walkText uses jsontext, which reads members and values and refuses doubled names.
func walkText() func([]byte) (int, bool) {
	var reader bytes.Reader
	d := jsontext.NewDecoder(&reader)
	var object func(depth int) (int, bool)
	object = func(depth int) (int, bool) {
		members := 0
		if _, err := d.ReadToken(); err != nil {
			return 0, false
		}
		for d.PeekKind() != '}' {
			name, err := d.ReadToken()
			if err != nil || name.Kind() != '"' {
				return members, false
			}
			members++
			if depth == 1 && name.String() == payloadMember && d.PeekKind() == '{' {
				n, ok := object(2)
				if members += n; !ok {
					return members, false
				}
			} else if _, err := d.ReadValue(); err != nil {
				return members, false
			}
		}
		_, err := d.ReadToken()
		return members, err == nil
	}
	return func(message []byte) (int, bool) {
		reader.Reset(message)
		d.Reset(&reader)
		if d.PeekKind() != '{' {
			return 0, false
		}
		members, ok := object(1)
		if ok {
			_, err := d.ReadToken()
			ok = errors.Is(err, io.EOF)
		}
		return members, ok
	}
}

// walkParser uses jsonparser, which looks at no more than it must.
func walkParser(message []byte) (int, bool) {
	members := 0
	err := jsonparser.ObjectEach(message, func(key, value []byte, _ jsonparser.ValueType, _ int) error {
		members++
		if string(key) != payloadMember {
			return nil
		}
		return jsonparser.ObjectEach(value, func(_, _ []byte, _ jsonparser.ValueType, _ int) error {
			members++
			return nil
		})
	})
	return members, err == nil
}

// walkFast uses fastjson with a parser that is used again; its check of validity
// is a pass of its own, and so is that of UTF-8, which it leaves to others.
func walkFast(check bool) func([]byte) (int, bool) {
	var parser fastjson.Parser
	return func(message []byte) (int, bool) {
		if check && (!utf8.Valid(message) || fastjson.ValidateBytes(message) != nil) {
			return 0, false
		}
		v, err := parser.ParseBytes(message)
		if err != nil {
			return 0, false
		}
		members := 0
		object, err := v.Object()
		if err != nil {
			return 0, false
		}
		object.Visit(func(key []byte, v *fastjson.Value) {
			members++
			if string(key) == payloadMember {
				if inner := v.GetObject(); inner != nil {
					inner.Visit(func([]byte, *fastjson.Value) { members++ })
				}
			}
		})
		return members, true
	}
}

// walkGJSON uses gjson, whose check of validity is a pass of its own.
func walkGJSON(message []byte) (int, bool) {
	if !gjson.ValidBytes(message) {
		return 0, false
	}
	members := 0
	gjson.ParseBytes(message).ForEach(func(key, value gjson.Result) bool {
		members++
		if key.Str == payloadMember {
			value.ForEach(func(_, _ gjson.Result) bool {
				members++
				return true
			})
		}
		return true
	})
	return members, true
}

// walkSonic uses sonic's lazy tree.
func walkSonic(message []byte) (int, bool) {
	root, fault := ast.NewParser(string(message)).Parse()
	if fault != 0 {
		return 0, false
	}
	members := 0
	err := root.ForEach(func(path ast.Sequence, node *ast.Node) bool {
		members++
		if path.Key != nil && *path.Key == payloadMember {
			return node.ForEach(func(ast.Sequence, *ast.Node) bool {
				members++
				return true
			}) == nil
		}
		return true
	})
	return members, err == nil
}

// walkSIMD uses simdjson-go with a tape that is used again.
func walkSIMD() func([]byte) (int, bool) {
	var tape *simdjson.ParsedJson
	var outer, inner simdjson.Object
	var member, value simdjson.Iter
	return func(message []byte) (int, bool) {
		parsed, err := simdjson.Parse(message, tape, simdjson.WithCopyStrings(false))
		if err != nil {
			return 0, false
		}
		tape = parsed
		members := 0
		count := func(o *simdjson.Object, each func(name string, i *simdjson.Iter)) bool {
			for {
				name, kind, err := o.NextElement(&member)
				if err != nil {
					return false
				}
				if kind == simdjson.TypeNone {
					return true
				}
				members++
				if each != nil {
					each(name, &member)
				}
			}
		}
		i := tape.Iter()
		i.Advance()
		_, root, err := i.Root(&value)
		if err != nil {
			return 0, false
		}
		if _, err := root.Object(&outer); err != nil {
			return 0, false
		}
		ok := true
		return members, count(&outer, func(name string, v *simdjson.Iter) {
			if name == payloadMember {
				if o, err := v.Object(&inner); err == nil {
					ok = count(o, nil)
				}
			}
		}) && ok
	}
}
