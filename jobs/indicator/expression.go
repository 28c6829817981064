package indicator

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"hengjian/warehouse/contract"
)

// expression is a condition over the columns of one record type. A comparison
// with a missing value is false; "not" then makes it true.
type expression struct {
	operator string // and or not | = <> < <= > >= in null true all
	column   string
	values   []string // literals as SQL reads them, already checked
	kids     []*expression
}

// column is what a condition may use of a record.
type column struct {
	kind   contract.FieldKind
	values []string // codes of an enum; nil for every value
}

// verdictColumns are the columns of this run's verdicts that a definition may use.
var verdictColumns = map[string]column{
	"rule": {kind: contract.KindString}, "organ_id": {kind: contract.KindOrgan}, "responsible_organ_id": {kind: contract.KindOrgan},
	"outcome": {contract.KindEnum, []string{"in_time", "due_soon", "out_of_time", "extended_without_document", "cannot_judge", "not_applicable", "conforming", "apparent_nonconformity"}},
	"state":   {contract.KindEnum, []string{"stopped", "running"}},
	"due_on":  {kind: contract.KindDate}, "triggered_on": {kind: contract.KindDate}, "stopped_on": {kind: contract.KindDate}, "period_on": {kind: contract.KindDate},
	"person_entry": {kind: contract.KindString}, "over_units": {kind: contract.KindInt},
}

// fromVerdict names the verdicts of the run as a source.
const fromVerdict = "verdict"

// columnsOf lists the columns of a source; false when there is no such source.
func columnsOf(contracts *contract.Catalogue, from string) (map[string]column, bool) {
	if from == fromVerdict {
		return verdictColumns, true
	}
	t, ok := contracts.Type(from)
	if !ok {
		return nil, false
	}
	out := map[string]column{"business_on": {kind: contract.KindDate}, "key": {kind: contract.KindString}}
	for _, c := range t.Columns() {
		f := t.Fields[c.Field]
		found := column{kind: f.Kind}
		switch {
		case f.Kind == contract.KindOrgan && c.Part != "id", f.Personal != "":
			continue
		case f.Kind == contract.KindEnum:
			for _, v := range f.Values {
				found.values = append(found.values, v.Code)
			}
		}
		out[c.Name] = found
	}
	return out, true
}

var tokens = regexp.MustCompile(`\s*(?:('(?:[^'\\])*')|([a-z_][a-z0-9_]*)|([0-9]+)|(<>|<=|>=|[=<>(),]))`)

// parseExpression reads a condition and checks every column and value.
func parseExpression(text string, columns map[string]column) (*expression, error) {
	p := &parser{columns: columns}
	for rest := text; strings.TrimSpace(rest) != ""; {
		m := tokens.FindStringIndex(rest)
		if m == nil || m[0] != 0 {
			return nil, fmt.Errorf("cannot read from %q on", strings.TrimSpace(rest))
		}
		p.tokens = append(p.tokens, strings.TrimSpace(rest[:m[1]]))
		rest = rest[m[1]:]
	}
	e, err := p.either()
	if err != nil {
		return nil, err
	}
	if p.at < len(p.tokens) {
		return nil, fmt.Errorf("%q is not expected here", p.tokens[p.at])
	}
	return e, nil
}

// isDay says whether a column holds a day, perhaps with its time.
func isDay(k contract.FieldKind) bool { return k == contract.KindDate || k == contract.KindInstant }

// parser walks the tokens of one condition.
type parser struct {
	tokens  []string
	at      int
	columns map[string]column
}

// accept takes the next token if it is one of these.
func (p *parser) accept(of ...string) (string, bool) {
	if p.at < len(p.tokens) && slices.Contains(of, p.tokens[p.at]) {
		p.at++
		return p.tokens[p.at-1], true
	}
	return "", false
}

// next takes the next token, "" at the end.
func (p *parser) next() string {
	if p.at == len(p.tokens) {
		return ""
	}
	p.at++
	return p.tokens[p.at-1]
}

// either reads terms joined by or.
func (p *parser) either() (*expression, error) { return p.joined("or", p.both) }

// both reads terms joined by and.
func (p *parser) both() (*expression, error) { return p.joined("and", p.term) }

// joined reads one or more of what read gives, joined by word.
func (p *parser) joined(word string, read func() (*expression, error)) (*expression, error) {
	first, err := read()
	if err != nil {
		return nil, err
	}
	kids := []*expression{first}
	for {
		if _, ok := p.accept(word); !ok {
			break
		}
		more, err := read()
		if err != nil {
			return nil, err
		}
		kids = append(kids, more)
	}
	if len(kids) == 1 {
		return first, nil
	}
	return &expression{operator: word, kids: kids}, nil
}

// term reads not, brackets or one test.
func (p *parser) term() (*expression, error) {
	if _, ok := p.accept("not"); ok {
		e, err := p.term()
		return &expression{operator: "not", kids: []*expression{e}}, err
	}
	if _, ok := p.accept("("); ok {
		e, err := p.either()
		if err != nil {
			return nil, err
		}
		if _, ok := p.accept(")"); !ok {
			return nil, fmt.Errorf("a bracket is not closed")
		}
		return e, nil
	}
	return p.test()
}

// test reads one comparison of a column.
func (p *parser) test() (*expression, error) {
	name := p.next()
	c, ok := p.columns[name]
	if !ok {
		return nil, fmt.Errorf("%q is not a column of the record", name)
	}
	e := &expression{column: name}
	if _, ok := p.accept("is"); ok {
		_, negated := p.accept("not")
		if _, ok := p.accept("null"); !ok {
			return nil, fmt.Errorf("after \"is\" stands null or not null")
		}
		e.operator = "null"
		if negated {
			return &expression{operator: "not", kids: []*expression{e}}, nil
		}
		return e, nil
	}
	if _, ok := p.accept("in"); ok {
		return e, p.list(e, c)
	}
	if operator, ok := p.accept("=", "<>", "<", "<=", ">", ">="); ok {
		e.operator = operator
		if c.kind == contract.KindEnum && operator != "=" && operator != "<>" {
			return nil, fmt.Errorf("codes of %s have no order", name)
		}
		v, err := p.value(name, c)
		e.values = []string{v}
		if c.kind == contract.KindInstant {
			e.column = "toDate32(" + name + ")"
		}
		return e, err
	}
	if c.kind != contract.KindBool {
		return nil, fmt.Errorf("%s needs a comparison", name)
	}
	e.operator = "true"
	return e, nil
}

// list reads the values after in.
func (p *parser) list(e *expression, c column) error {
	e.operator = "in"
	if _, ok := p.accept("("); !ok {
		return fmt.Errorf("after \"in\" stands a list in brackets")
	}
	for {
		v, err := p.value(e.column, c)
		if err != nil {
			return err
		}
		e.values = append(e.values, v)
		if _, ok := p.accept(","); ok {
			continue
		}
		if _, ok := p.accept(")"); !ok {
			return fmt.Errorf("a bracket is not closed")
		}
		return nil
	}
}

// value reads one literal of the column's kind.
func (p *parser) value(name string, c column) (string, error) {
	t := p.next()
	text, quoted := strings.CutPrefix(t, "'")
	text = strings.TrimSuffix(text, "'")
	switch c.kind {
	case contract.KindDate, contract.KindInstant:
		if t == "as_of" {
			return asOfParam, nil
		}
		if other, ok := p.columns[t]; ok && isDay(other.kind) {
			return "toDate32(" + t + ")", nil
		}
		if _, err := time.Parse(time.DateOnly, text); err != nil || !quoted {
			return "", fmt.Errorf("%s is compared with as_of, a day such as '2025-01-01' or another day of the record, not %s", name, t)
		}
		return "toDate32('" + text + "')", nil
	case contract.KindUint, contract.KindInt, contract.KindDecimal:
		if other, ok := p.columns[t]; ok && other.kind == c.kind {
			return t, nil
		}
		if quoted || t == "" || t[0] < '0' || t[0] > '9' {
			return "", fmt.Errorf("%s is compared with a whole number or another number of the record, not %s", name, t)
		}
		return t, nil
	case contract.KindBool:
		return "", fmt.Errorf("%s is true or false: write it alone or after not", name)
	}
	if !quoted {
		return "", fmt.Errorf("%s is compared with a text in quotes, not %s", name, t)
	}
	if c.values != nil && !slices.Contains(c.values, text) {
		return "", fmt.Errorf("%s has no code %s: its codes are %s", name, text, strings.Join(c.values, ", "))
	}
	return "'" + text + "'", nil
}
