package adhoc

import (
	"context"
	"regexp"
	"slices"
	"strings"
)

// nodes are the kinds of node that the engine's own syntax tree may hold.
var nodes = []string{
	"SelectWithUnionQuery", "SelectIntersectExceptQuery", "SelectQuery", "ExpressionList", "Function", "Identifier", "Literal", "Asterisk", "QualifiedAsterisk",
	"ColumnsTransformerList", "ColumnsExceptTransformer", "ColumnsReplaceTransformer", "ColumnsReplaceTransformer::Replacement", "ColumnsRegexpMatcher", "ColumnsListMatcher",
	"TablesInSelectQuery", "TablesInSelectQueryElement", "TableExpression", "TableJoin", "TableIdentifier", "Subquery", "WithElement", "OrderByElement",
	"WindowDefinition", "WindowListElement", "ArrayJoin", "QueryParameter", "StorageOrderByElement", "NameTypePair", "DataType",
}

var treeLine = regexp.MustCompile(`^ *([A-Za-z:]+)(?: ([^ ]+))?`)

// checkTree judges the engine's syntax tree (EXPLAIN AST): one SELECT, no
// format, no file, only nodes, functions and tables on the lists.
func (g *Gateway) checkTree(lines []string) error {
	if len(lines) == 0 || lines[0] != "SelectWithUnionQuery (children 1)" {
		return refuse("", "只能是一条 SELECT，不带 FORMAT 或 INTO OUTFILE", "only one SELECT without FORMAT or INTO OUTFILE")
	}
	for _, line := range lines {
		m := treeLine.FindStringSubmatch(line)
		switch {
		case m == nil || !slices.Contains(nodes, m[1]):
			return refuse(strings.TrimSpace(line), "语法树中有不允许的成分", "the syntax tree holds a part that is not allowed")
		case m[1] == "Function" && !allowedFunction(m[2]):
			return refuse(m[2], "此函数不在允许之列", "this function is not on the list")
		case m[1] == "TableIdentifier" && strings.Contains(m[2], ".") && !g.isView(m[2]):
			return refuse(m[2], "只能查询所列视图", "only the listed views can be read")
		}
	}
	return nil
}

var (
	resolvedTable    = regexp.MustCompile(`^ *TABLE id: \d+(?:, alias: [^,]+)?, table_name: ([^,]+)`)
	resolvedFunction = regexp.MustCompile(`^ *FUNCTION id: \d+, function_name: ([^,]+)`)
	resolvedSource   = regexp.MustCompile(`^ *TABLE_FUNCTION id: \d+(?:, alias: [^,]+)?, table_function_name: ([^,]+)`)
)

// checkResolved judges what the engine resolved (EXPLAIN QUERY TREE): every
// table is a view of ours, every function is on the list.
func (g *Gateway) checkResolved(lines []string) error {
	for _, line := range lines {
		trimmed := strings.TrimLeft(line, " ")
		switch {
		case strings.HasPrefix(trimmed, "TABLE id:"):
			m := resolvedTable.FindStringSubmatch(line)
			if m == nil || (m[1] != "system.one" && !g.isView(m[1])) {
				return refuse(trimmed, "只能查询所列视图", "only the listed views can be read")
			}
		case strings.HasPrefix(trimmed, "TABLE_FUNCTION id:"):
			m := resolvedSource.FindStringSubmatch(line)
			if m == nil || !slices.Contains([]string{"numbers", "values"}, strings.ToLower(m[1])) {
				return refuse(trimmed, "不允许此表函数", "this table function is not allowed")
			}
		case strings.HasPrefix(trimmed, "FUNCTION id:"):
			m := resolvedFunction.FindStringSubmatch(line)
			if m == nil || !allowedFunction(m[1]) {
				return refuse(trimmed, "此函数不在允许之列", "this function is not on the list")
			}
		}
	}
	return nil
}

// isView reports whether a qualified name is one of the views.
func (g *Gateway) isView(name string) bool {
	database, view, ok := strings.Cut(strings.ReplaceAll(name, "`", ""), ".")
	return ok && database == g.database && g.views[view]
}

// explain runs EXPLAIN as the reader and returns its lines.
func explain(ctx context.Context, reader reader, kind, sql string) ([]string, error) {
	rows, err := reader.Query(ctx, "EXPLAIN "+kind+" "+sql)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, rows.Err()
}
