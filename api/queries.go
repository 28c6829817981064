package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"hengjian/api/adhoc"
	"hengjian/api/audit"
	"hengjian/warehouse/access"
)

func (s *Server) queryRoutes(r gin.IRouter) {
	read(s, r, "/tables", "listTables", s.listTables)
	r.GET("/queries", handle(s, "listQueries", s.listQueries, fresh[[]queryInfo](s)))
	r.POST("/queries", handle(s, "runQuery", s.runQuery, fresh[queryResult](s)))
	read(s, r, "/queries/limits", "getQueryLimits", s.getQueryLimits)
	r.GET("/queries/:id", handle(s, "getQuery", s.getQuery, fresh[queryResult](s)))
	r.DELETE("/queries/:id", handle(s, "cancelQuery", s.cancelQuery, func(c *gin.Context, _ caller, _ none) { c.Status(http.StatusNoContent) }))
	r.GET("/queries/:id/csv", handle(s, "getQueryCSV", s.getQueryCSV, s.writeCSV))
}

// fresh writes an answer that is not kept by anybody.
func fresh[A any](s *Server) func(*gin.Context, caller, answer[A]) {
	return func(c *gin.Context, who caller, a answer[A]) {
		c.Header("Cache-Control", "no-store")
		writeJSON(c, http.StatusOK, "application/json; charset=utf-8", envelope[A]{Data: a.data, Meta: s.meta(who, a.run)})
	}
}

// table is a view that analysts may read.
type table struct {
	Name    string        `json:"name"`
	Title   Text          `json:"title"`
	Columns []tableColumn `json:"columns"`
}

type tableColumn struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Title Text   `json:"title"`
}

// listTables answers the views with the types that the reader account sees.
func (s *Server) listTables(ctx context.Context, who caller, _ none) (answer[[]table], error) {
	a := answer[[]table]{data: []table{}}
	reader, err := s.deps.Readers(who.account.Slot)
	if err != nil {
		return a, fmt.Errorf("open the reader account: %w", err)
	}
	for _, v := range access.Views(s.deps.Service.Database(), s.deps.Contracts) {
		rows, err := reader.Query(ctx, "SELECT * FROM `"+v.Name+"` LIMIT 0")
		if err != nil {
			return a, fmt.Errorf("describe the view %s: %w", v.Name, err)
		}
		types := map[string]string{}
		for _, c := range rows.ColumnTypes() {
			types[c.Name()] = c.DatabaseTypeName()
		}
		rows.Close()
		one := table{Name: v.Name, Title: Text{v.ZH, v.EN}, Columns: []tableColumn{}}
		for _, c := range v.Columns {
			one.Columns = append(one.Columns, tableColumn{Name: c.Name, Type: types[c.Name], Title: Text{c.ZH, c.EN}})
		}
		a.data = append(a.data, one)
	}
	return a, nil
}

// queryLimits are what every query is held to.
type queryLimits struct {
	Seconds     int `json:"seconds"`
	Rows        int `json:"rows"`
	Bytes       int `json:"bytes"`
	Running     int `json:"running"`
	KeepSeconds int `json:"keep_seconds"`
}

// getQueryLimits answers the limits in force.
func (s *Server) getQueryLimits(context.Context, caller, none) (answer[queryLimits], error) {
	c := s.config.Queries
	return answer[queryLimits]{data: queryLimits{
		Seconds: int(c.Timeout.Seconds()), Rows: c.MaxRows, Bytes: c.MaxBytes, Running: c.PerAccount, KeepSeconds: int(c.Keep.Seconds()),
	}}, nil
}

// queryRequest is one query.
type queryRequest struct {
	ID         string           `json:"id" binding:"omitempty,uuid"`
	SQL        string           `json:"sql" binding:"required,max=60000"`
	Parameters []queryParameter `json:"parameters" binding:"max=50,dive"`
	Purpose    string           `json:"purpose" binding:"max=400"`
}

type queryParameter struct {
	Name  string `json:"name" binding:"required,max=40"`
	Value string `json:"value" binding:"max=10000"`
}

// queryInfo describes a query.
type queryInfo struct {
	ID        string `json:"id"`
	SQL       string `json:"sql"`
	State     string `json:"state"`
	Started   string `json:"started"`
	ElapsedMS int64  `json:"elapsed_ms"`
	Rows      int    `json:"rows"`
	Kept      bool   `json:"kept"`
}

type queryColumn struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// queryResult is a query with its rows.
type queryResult struct {
	Query   queryInfo     `json:"query"`
	Columns []queryColumn `json:"columns"`
	Rows    [][]*string   `json:"rows"`
}

// infoOf shows what the gateway knows of a query.
func infoOf(i adhoc.Info) queryInfo {
	return queryInfo{ID: i.ID, SQL: i.SQL, State: string(i.State), Started: instant(i.Started), ElapsedMS: i.Elapsed.Milliseconds(), Rows: i.Rows, Kept: i.Kept}
}

// resultOf shows a result.
func resultOf(r *adhoc.Result) queryResult {
	out := queryResult{Query: infoOf(r.Info), Columns: []queryColumn{}, Rows: [][]*string{}}
	for _, c := range r.Columns {
		out.Columns = append(out.Columns, queryColumn(c))
	}
	out.Rows = append(out.Rows, r.Rows...)
	return out
}

// listQueries answers the caller's own queries.
func (s *Server) listQueries(_ context.Context, who caller, _ none) (answer[[]queryInfo], error) {
	a := answer[[]queryInfo]{data: []queryInfo{}}
	for _, i := range s.gateway.Queries(who.account.Name) {
		a.data = append(a.data, infoOf(i))
	}
	return a, nil
}

// runQuery runs a query and waits; sql_refused, sql_failed, query_limit,
// query_cancelled, conflict for a used id, unavailable while leaks are untried.
func (s *Server) runQuery(ctx context.Context, who caller, q queryRequest) (answer[queryResult], error) {
	var a answer[queryResult]
	if !s.sqlOffered() {
		return a, &failure{code: "unavailable", detail: Text{"引擎的已知漏洞尚未全部排除，暂不提供自由查询", "Known leaks of the engine are not all closed: queries are not offered now"}}
	}
	if q.ID == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return a, fmt.Errorf("draw a query id: %w", err)
		}
		q.ID = id.String()
	}
	parameters := map[string]string{}
	for _, p := range q.Parameters {
		parameters[p.Name] = p.Value
	}
	result, err := s.gateway.Run(ctx, adhoc.Request{
		ID: strings.ToLower(q.ID), Account: who.account.Name, Slot: who.account.Slot, SQL: q.SQL, Purpose: q.Purpose, Parameters: parameters,
	})
	if err != nil {
		return a, queryFailure(err)
	}
	a.data = resultOf(result)
	if run, missing := s.newest(ctx, "indicator"); missing == nil {
		a.run = run
	}
	return a, nil
}

// queryFailure gives the gateway's errors their codes.
func queryFailure(err error) error {
	var refusal *adhoc.Refusal
	if errors.As(err, &refusal) {
		f := &failure{code: "sql_refused", detail: Text{refusal.ZH, refusal.EN}, err: err}
		if refusal.Where != "" {
			f.parts = []problemPart{{Where: refusal.Where, Detail: f.detail}}
		}
		return f
	}
	var failed *adhoc.Failure
	if errors.As(err, &failed) {
		code := map[string]string{"limit": "query_limit", "cancelled": "query_cancelled"}[failed.Kind]
		code = orText(code, "sql_failed")
		return &failure{code: code, err: err, parts: []problemPart{{Where: "sql", Detail: Text{failed.Message, failed.Message}}}}
	}
	return err
}

// queryID names a query by the path.
type queryID struct {
	ID string `uri:"id" form:"-" binding:"required,uuid"`
}

// getQuery answers a query of the caller.
func (s *Server) getQuery(_ context.Context, who caller, q queryID) (answer[queryResult], error) {
	r, err := s.gateway.Result(who.account.Name, q.ID)
	if err != nil {
		return answer[queryResult]{}, err
	}
	return answer[queryResult]{data: resultOf(r)}, nil
}

// cancelQuery stops a query of the caller or drops its result.
func (s *Server) cancelQuery(ctx context.Context, who caller, q queryID) (none, error) {
	return none{}, s.gateway.Cancel(ctx, who.account.Name, q.ID)
}

// csvQuery asks for a table.
type csvQuery struct {
	ID  string `uri:"id" form:"-" binding:"required,uuid"`
	BOM string `form:"bom" binding:"omitempty,oneof=true false"`
}

// csvTable is a table to write.
type csvTable struct {
	result *adhoc.Result
	bom    bool
}

// getQueryCSV exports a kept result; result_gone when it is not kept.
func (s *Server) getQueryCSV(ctx context.Context, who caller, q csvQuery) (csvTable, error) {
	r, err := s.gateway.Result(who.account.Name, q.ID)
	if err != nil {
		return csvTable{}, err
	}
	if !r.Info.Kept {
		return csvTable{}, &failure{code: "result_gone"}
	}
	return csvTable{result: r, bom: q.BOM == "true"}, s.audit.Record(ctx, audit.Entry{
		Account: who.account.Name, Action: "export", Target: "csv", QueryID: q.ID, Rows: uint64(len(r.Rows)), Outcome: "done",
	})
}

// writeCSV writes the whole table at once, so that no client sees half of one.
func (s *Server) writeCSV(c *gin.Context, who caller, t csvTable) {
	var b strings.Builder
	if err := adhoc.WriteCSV(&b, t.result, t.bom); err != nil {
		s.refuse(c, err)
		return
	}
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Disposition", `attachment; filename="hengjian-`+s.meta(who, nil).Warehouse+"-"+t.result.Info.ID+`.csv"`)
	c.Data(http.StatusOK, "text/csv; charset=utf-8", []byte(b.String()))
}
