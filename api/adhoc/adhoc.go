// Package adhoc owns the SQL that analysts write. It promises that a query
// reaches the engine only as one SELECT over the views, with functions and
// nodes of its lists, as the analyst's own restricted account, and that every
// query stands in the audit before it runs. It fails closed, it never shortens
// a result, and it is not the guarantee: that is the views and the account.
package adhoc

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"hengjian/api/audit"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// Config is the section "api.queries": limits of ad hoc SQL.
type Config struct {
	Timeout    time.Duration // of one query; 0 means 30 s, the engine's own limit
	MaxRows    int           // of one result; 0 means 100,000
	MaxBytes   int           // of one result as text; 0 means 32 MiB
	KeepBytes  int           // of all kept results; 0 means 128 MiB
	Keep       time.Duration // how long a result is kept; 0 means 15 min
	PerAccount int           // running queries of one account; 0 means 2
}

// EnsureDefaults fills what was left zero.
func (c *Config) EnsureDefaults() {
	for _, n := range []struct{ value, usual *int }{
		{&c.MaxRows, new(100_000)}, {&c.MaxBytes, new(32 << 20)}, {&c.KeepBytes, new(128 << 20)}, {&c.PerAccount, new(2)},
	} {
		if *n.value == 0 {
			*n.value = *n.usual
		}
	}
	if c.Timeout == 0 {
		c.Timeout = 30 * time.Second
	}
	if c.Keep == 0 {
		c.Keep = 15 * time.Minute
	}
}

// Validate lists every problem of the section.
func (c Config) Validate() error {
	var errs []error
	if c.Timeout < time.Second || c.Timeout > 35*time.Second {
		errs = append(errs, fmt.Errorf("api.queries.timeout: %s, from 1s to 35s", c.Timeout))
	}
	if c.MaxRows < 1 || c.MaxRows > 100_000 {
		errs = append(errs, fmt.Errorf("api.queries.max_rows: %d, from 1 to 100000, which is the limit of the account", c.MaxRows))
	}
	if c.MaxBytes < 1 || c.KeepBytes < c.MaxBytes || c.PerAccount < 1 || c.PerAccount > 4 {
		errs = append(errs, errors.New("api.queries: max_bytes must be positive, keep_bytes at least max_bytes, per_account 1 to 4"))
	}
	return errors.Join(errs...)
}

// Deps are the neighbours.
type Deps struct {
	Service *warehouse.DB                            // kills queries
	Readers func(slot string) (*warehouse.DB, error) // runs them
	Views   []access.View
	Base    string // base database
	Audit   *audit.Log
	Now     func() time.Time
}

// reader is what a query needs of a reader account.
type reader interface {
	Query(ctx context.Context, sql string, args ...any) (warehouse.Rows, error)
}

// Gateway runs queries and keeps their results for a while.
type Gateway struct {
	config   Config
	deps     Deps
	database string
	views    map[string]bool
	mu       sync.Mutex
	entries  map[string]*entry
	order    []string // ids, oldest first
}

// entry is one query with its result.
type entry struct {
	account string
	info    Info
	result  *Result
	bytes   int
	cancel  context.CancelFunc
	ended   time.Time
}

// Request is one query. ID is a UUID that its account has not used.
type Request struct {
	ID, Account, Slot, SQL, Purpose string
	Parameters                      map[string]string
}

// State is how far a query is.
type State string

// The states.
const (
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Info describes a query.
type Info struct {
	ID, SQL string
	State   State
	Started time.Time
	Elapsed time.Duration
	Rows    int
	Kept    bool
}

// Column is one column of a result.
type Column struct{ Name, Type string }

// Result is a whole result; cells are text, nil for NULL.
type Result struct {
	Info    Info
	Columns []Column
	Rows    [][]*string
}

// Failure is a query that the engine did not answer.
type Failure struct {
	Kind    string // failed, limit or cancelled
	Code    int    // of the engine, 0 when not from it
	Message string
}

func (f *Failure) Error() string { return f.Message }

// New returns a gateway over the given views.
func New(c Config, d Deps) *Gateway {
	c.EnsureDefaults()
	database, _ := warehouse.Names(d.Base)
	g := &Gateway{config: c, deps: d, database: database, views: map[string]bool{}, entries: map[string]*entry{}}
	for _, v := range d.Views {
		g.views[v.Name] = true
	}
	return g
}

// Check judges a query without running it: by tokens, then by the engine's
// syntax tree and by what the engine resolves, both as the reader account.
func (g *Gateway) Check(ctx context.Context, reader reader, sql string, parameters map[string]string) error {
	tokens, err := lex(sql)
	if err != nil {
		return err
	}
	names, err := check(tokens)
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, given := parameters[name]; !given {
			return refuse("{"+name+"}", "参数没有给值", "the parameter has no value")
		}
	}
	for name := range parameters {
		if !slices.Contains(names, name) {
			return refuse(name, "查询中没有此参数", "the query has no such parameter")
		}
	}
	ctx = warehouse.WithParameters(ctx, parameters)
	lines, err := explain(ctx, reader, "AST", sql)
	if err != nil {
		return failure(err)
	}
	if err := g.checkTree(lines); err != nil {
		return err
	}
	if lines, err = explain(ctx, reader, "QUERY TREE", sql); err != nil {
		return failure(err)
	}
	return g.checkResolved(lines)
}

// Run checks and runs a query and waits for its rows. It returns a *Refusal, a
// *Failure, Conflict for a used id, TooMany for too many at once. When ctx ends
// or Cancel is called the engine stops the query.
func (g *Gateway) Run(ctx context.Context, r Request) (*Result, error) {
	ctx, cancel := context.WithTimeout(ctx, g.config.Timeout)
	defer cancel()
	e, err := g.begin(r, cancel)
	if err != nil {
		return nil, err
	}
	result, bytes, err := g.run(ctx, r)
	if err != nil && ctx.Err() != nil {
		g.kill(context.WithoutCancel(ctx), r.ID)
		err = &Failure{Kind: "cancelled", Message: "the query was cancelled"}
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			err = &Failure{Kind: "limit", Message: "the query took longer than " + g.config.Timeout.String()}
		}
	}
	g.end(e, result, bytes, err)
	entry := audit.Entry{Account: r.Account, Action: "query", Purpose: r.Purpose, QueryID: r.ID, Outcome: string(e.info.State), Bytes: uint64(bytes)}
	if result != nil {
		entry.Rows = uint64(len(result.Rows))
	}
	if err != nil {
		entry.Message = err.Error()
	}
	if recorded := g.deps.Audit.Record(context.WithoutCancel(ctx), entry); recorded != nil {
		return nil, recorded
	}
	return result, err
}

// run checks, records and reads.
func (g *Gateway) run(ctx context.Context, r Request) (*Result, int, error) {
	db, err := g.deps.Readers(r.Slot)
	if err != nil {
		return nil, 0, fmt.Errorf("open the reader account: %w", err)
	}
	refused := g.Check(ctx, db, r.SQL, r.Parameters)
	first := audit.Entry{Account: r.Account, Action: "query", Target: g.database, Purpose: r.Purpose, QueryID: r.ID, Statement: r.SQL, Outcome: "started"}
	if refused != nil {
		first.Outcome, first.Message = "refused", refused.Error()
	}
	if err := g.deps.Audit.Record(ctx, first); err != nil {
		return nil, 0, err
	}
	if refused != nil {
		return nil, 0, refused
	}
	named := warehouse.WithQuery(warehouse.WithParameters(ctx, r.Parameters), queryID(r.ID), nil)
	rows, err := db.Query(named, r.SQL)
	if err != nil {
		return nil, 0, failure(err)
	}
	defer rows.Close()
	return g.collect(rows)
}

// queryID is the engine's name of a query.
func queryID(id string) string { return "adhoc-" + id }

// kill stops a query in the engine, whatever became of its connection.
func (g *Gateway) kill(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	g.deps.Service.Exec(ctx, "KILL QUERY WHERE query_id = {id:String} ASYNC", warehouse.Param("id", queryID(id))) //nolint:errcheck // the engine's own time limit ends it else
}

var engineError = regexp.MustCompile(`(?s)code: (\d+), message: (.*)`)

// limits are the engine's codes for a limit of the account.
var limits = []int{158, 159, 160, 167, 168, 202, 241, 306, 307, 396}

// failure tells an answer of the engine from a lost engine.
func failure(err error) error {
	m := engineError.FindStringSubmatch(err.Error())
	if m == nil {
		return &warehouse.Error{Code: warehouse.Unavailable, Message: "the engine did not answer the query", Err: err}
	}
	code, _ := strconv.Atoi(m[1])
	message := []rune(m[2])
	f := &Failure{Kind: "failed", Code: code, Message: string(message[:min(len(message), 600)])}
	switch {
	case code == 394:
		f.Kind = "cancelled"
	case slices.Contains(limits, code):
		f.Kind = "limit"
	case code == 497:
		return refuse("", "账号无权读取所列视图之外的内容", "the account may read the listed views only")
	}
	return f
}
