package adhoc

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Refusal is a query that the gateway does not pass on; Where names the place.
type Refusal struct {
	Where  string
	ZH, EN string
}

func (r *Refusal) Error() string { return r.EN + ": " + r.Where }

// refuse makes a refusal; where is shortened.
func refuse(where, zh, en string) *Refusal {
	if runes := []rune(where); len(runes) > 60 {
		where = string(runes[:60]) + "…"
	}
	return &Refusal{Where: where, ZH: zh, EN: en}
}

// sort is what a token is.
type sort uint8

const (
	word      sort = iota // bare identifier or keyword
	quoted                // `identifier` or "identifier"
	literal               // 'text'
	number                //
	parameter             // {name:Type}
	sign                  // operator or bracket
)

// token is one piece of a query.
type token struct {
	sort sort
	text string // identifiers without their quotes
}

// signs are the operators that a query may hold, longest first.
var signs = []string{"<=>", "::", "->", "<=", ">=", "<>", "!=", "==", "||", "(", ")", "[", "]", ",", ".", "+", "-", "*", "/", "%", "=", "<", ">", "?", ":", ";"}

// lex splits a query. It refuses whatever it does not know: control characters,
// heredocs, @@variables, braces that are no parameter, names of other letters
// than letters, digits, underscore and blank.
func lex(sql string) ([]token, error) {
	if !utf8.ValidString(sql) {
		return nil, refuse("", "不是有效的 UTF-8 文本", "the text is not valid UTF-8")
	}
	for _, r := range sql {
		if (unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r') || unicode.In(r, unicode.Cf, unicode.Co) {
			return nil, refuse(fmt.Sprintf("U+%04X", r), "含有不可见字符", "there is an invisible character")
		}
	}
	l := lexer{rest: sql}
	for {
		if err := l.skip(); err != nil {
			return nil, err
		}
		if l.rest == "" {
			return l.tokens, nil
		}
		if err := l.next(); err != nil {
			return nil, err
		}
	}
}

// lexer is the state of lex.
type lexer struct {
	rest   string
	tokens []token
}

// skip passes blanks and the two kinds of comment.
func (l *lexer) skip() error {
	for {
		l.rest = strings.TrimLeft(l.rest, " \t\r\n")
		switch {
		case strings.HasPrefix(l.rest, "--"):
			_, after, _ := strings.Cut(l.rest, "\n")
			l.rest = after
		case strings.HasPrefix(l.rest, "/*"):
			inside, after, closed := strings.Cut(l.rest[2:], "*/")
			if !closed || strings.Contains(inside, "/*") {
				return refuse("/*", "注释没有结束或相互嵌套", "a comment does not end or holds another")
			}
			l.rest = after
		default:
			return nil
		}
	}
}

var (
	wordForm      = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*`)
	numberForm    = regexp.MustCompile(`^(0[xX][0-9a-fA-F]+|[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?|\.[0-9]+([eE][+-]?[0-9]+)?)`)
	parameterForm = regexp.MustCompile(`^\{\s*([a-z_][a-z0-9_]{0,39})\s*:\s*([A-Za-z0-9_(), ']{1,80}?)\s*\}`)
	nameForm      = regexp.MustCompile(`^[\p{L}\p{N}_][\p{L}\p{N}_ ]{0,63}$`)
	// parameterType lists the types a parameter can have; Identifier is none of them.
	parameterType = regexp.MustCompile(`^(?:Nullable\(|Array\()*(?:String|U?Int(?:8|16|32|64|128|256)|Float(?:32|64)|Bool|Date|Date32|DateTime(?:\('[A-Za-z/_]+'\))?|DateTime64\([0-9](?:, ?'[A-Za-z/_]+')?\)|Decimal\([0-9]{1,2}, ?[0-9]{1,2}\)|UUID)\)*$`)
)

// next takes one token.
func (l *lexer) next() error {
	take := func(kind sort, n int, text string) {
		l.tokens = append(l.tokens, token{kind, text})
		l.rest = l.rest[n:]
	}
	switch first := l.rest[0]; {
	case first == '\'':
		text, n, ok := literalAt(l.rest, '\'')
		if !ok {
			return refuse(l.rest, "文本没有结束", "a text does not end")
		}
		take(literal, n, text)
	case first == '`' || first == '"':
		text, n, ok := literalAt(l.rest, first)
		if !ok || !nameForm.MatchString(text) {
			return refuse(l.rest, "引号内的名称只能由文字、数字、下划线和空格组成", "a quoted name has letters, digits, underscores and blanks only")
		}
		take(quoted, n, text)
	case first == '{':
		m := parameterForm.FindStringSubmatch(l.rest)
		if m == nil || !parameterType.MatchString(m[2]) {
			return refuse(l.rest, "参数须写作 {名称:类型}，类型不能为 Identifier", "a parameter is written {name:Type}, and Identifier is no type for it")
		}
		take(parameter, len(m[0]), m[1])
	case wordForm.MatchString(l.rest):
		m := wordForm.FindString(l.rest)
		take(word, len(m), m)
	case numberForm.MatchString(l.rest):
		m := numberForm.FindString(l.rest)
		take(number, len(m), m)
	default:
		for _, s := range signs {
			if strings.HasPrefix(l.rest, s) {
				take(sign, len(s), s)
				return nil
			}
		}
		return refuse(l.rest, "含有不允许的符号", "there is a sign that is not allowed")
	}
	return nil
}

// literalAt reads a text in quotes q with \ escapes and doubled quotes.
func literalAt(s string, q byte) (text string, n int, ok bool) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			b.WriteByte(s[i])
			i++
			b.WriteByte(s[i])
		case s[i] == q && i+1 < len(s) && s[i+1] == q:
			b.WriteByte(q)
			i++
		case s[i] == q:
			return b.String(), i + 1, true
		default:
			b.WriteByte(s[i])
		}
	}
	return "", 0, false
}

// check refuses by tokens alone, before the engine sees the query: its analysis
// already computes constant expressions. It returns the names of parameters.
func check(tokens []token) ([]string, error) {
	if len(tokens) > 0 && tokens[len(tokens)-1] == (token{sign, ";"}) {
		tokens = tokens[:len(tokens)-1]
	}
	if len(tokens) == 0 || tokens[0].sort != word || !slices.Contains([]string{"select", "with"}, strings.ToLower(tokens[0].text)) {
		return nil, refuse("", "只能是一条 SELECT 或 WITH … SELECT", "only one SELECT or WITH … SELECT")
	}
	var parameters []string
	for i, t := range tokens {
		called := i+1 < len(tokens) && tokens[i+1] == (token{sign, "("})
		name := strings.ToLower(t.text)
		switch {
		case t == (token{sign, ";"}):
			return nil, refuse(";", "只能是一条语句", "only one statement")
		case t.sort == parameter:
			parameters = append(parameters, t.text)
		case t.sort == word && slices.Contains(refusedWords, name):
			return nil, refuse(t.text, "不允许使用此关键字", "this keyword is not allowed")
		case (t.sort == word || t.sort == quoted) && slices.Contains(refusedNames, name):
			return nil, refuse(t.text, "不允许使用此名称", "this name is not allowed")
		case called && t.sort == word && slices.Contains(bracketWords, name):
		case called && (t.sort == word || t.sort == quoted) && !allowedFunction(t.text):
			return nil, refuse(t.text, "此函数不在允许之列", "this function is not on the list")
		}
	}
	return parameters, nil
}
