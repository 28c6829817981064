package filedrop

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
	"unicode"
)

// TestEveryRefusalSpeaksBothLanguages reads this package's own text: a refusal
// whose English or Chinese is missing, or stands in the other's place, is found
// even where no test provokes it.
func TestEveryRefusalSpeaksBothLanguages(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	files, calls := token.NewFileSet(), 0
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, entry.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if name, plain := call.Fun.(*ast.Ident); !plain || name.Name != "refused" {
				return true
			}
			calls++
			if en, zh := literals(call.Args[1]), literals(call.Args[2]); en == "" || han(en) || !han(zh) {
				t.Errorf("%s: the refusal says %q in English and %q in Chinese", files.Position(call.Pos()), en, zh)
			}
			return true
		})
	}
	if calls < 20 {
		t.Errorf("only %d refusals were found in the text", calls)
	}
}

// literals joins the string literals of an expression.
func literals(e ast.Expr) string {
	var all strings.Builder
	ast.Inspect(e, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			all.WriteString(l.Value)
		}
		return true
	})
	return strings.Trim(all.String(), `"`)
}

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}
