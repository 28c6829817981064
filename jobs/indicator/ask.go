package indicator

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/rollup"
)

// Question asks for indicators by organ or by what organs have in common, in
// periods, split by dimensions (指标语义层). One question becomes one statement;
// pages, exports and ad hoc use all ask this way, so that they agree.
type Question struct {
	Run           string   // "" = newest committed
	Indicators    []string // ids
	Organs        []string // procuratorates; empty = every one in scope
	Level         string   // "" = every level
	By            string   // organ (default), level, region, kind, nation
	Coverage      string   // own | closure; only own can be grouped by more than organ
	Edition       string   // of a closure: present (default): what an organ left counts under its successor; then: under the organ as it was
	PeriodKind    string   // month quarter half year ytd
	Period        string   // "" = every one between From and To
	From, To      string   // first and last day, as 2025-01-31; "" = open
	Dims          []string // dimensions to split by; empty = the value as a whole
	Where         []string // dims that are let through, such as procedure=summary; empty = all
	Limit, Offset int      // Limit 0 = no limit
}

// Answer is one row: sums, from which Value and Printed follow.
type Answer struct {
	Who string // organ id, or what it was grouped by
	Value
}

// Statement is a question as SQL with its bound values.
type Statement struct {
	SQL    string
	Params map[string]string
}

// Args are the bound values in the form the driver takes.
func (s Statement) Args() []any {
	var out []any
	for name, value := range s.Params {
		out = append(out, warehouse.Param(name, value))
	}
	return out
}

// Compile turns a question into its statement for what the scope may see; the
// statement is empty where it may see nothing. Invalid for unknown words.
func (r *Reader) Compile(ctx context.Context, sc access.Scope, q Question) (Statement, error) {
	q.By = orElse(q.By, "organ")
	if !slices.Contains([]string{"organ", "level", "region", "kind", "nation"}, q.By) {
		return Statement{}, &warehouse.Error{Code: warehouse.Invalid, Message: "by is organ, level, region, kind or nation"}
	}
	if q.By != "organ" && q.Coverage == "closure" {
		return Statement{}, &warehouse.Error{Code: warehouse.Invalid, Message: "organs grouped by level, region, kind or nation are summed up by their own values: ask for coverage own"}
	}
	if q.Edition = orElse(q.Edition, "present"); q.Edition != "present" && q.Edition != "then" {
		return Statement{}, &warehouse.Error{Code: warehouse.Invalid, Message: "edition is present or then"}
	}
	dims, err := r.dims(q)
	if err != nil {
		return Statement{}, err
	}
	if q.Run, err = r.run(ctx, q.Run); err != nil {
		return Statement{}, err
	}
	if err := r.known(ctx, q.PeriodKind); err != nil {
		return Statement{}, err
	}
	organs, register, err := r.organs(ctx, sc, ValuesQuery{Organs: q.Organs, Level: q.Level, PeriodKind: q.PeriodKind, Coverage: q.Coverage, From: q.From, To: q.To})
	if err != nil || len(organs) == 0 {
		return Statement{}, err
	}
	groups := make([]string, len(organs))
	for i, id := range organs {
		o, _ := register.ByID(id)
		groups[i] = map[string]string{"organ": id, "level": o.Level, "region": o.Region[:min(2, len(o.Region))] + "0000", "kind": o.Kind, "nation": "nation"}[q.By]
	}
	s := Statement{SQL: r.questionSQL(q), Params: map[string]string{
		"run": q.Run, "indicators": warehouse.Array(q.Indicators), "organs": warehouse.Array(organs), "groups": warehouse.Array(groups), "dims": warehouse.Array(dims),
		"kind": q.PeriodKind, "period": q.Period, "from": q.From, "to": q.To, "coverage": q.Coverage, "ending": endings(q.Edition),
	}}
	return s, nil
}

// endings is what an edition's id ends with.
func endings(edition string) string {
	if edition == "then" {
		return endingThen
	}
	return ""
}

// known refuses a kind of period that the calendar does not have as Invalid.
func (r *Reader) known(ctx context.Context, kind string) error {
	var kinds []string
	if err := r.deps.DB.QueryRow(ctx, "SELECT groupUniqArray(toString(kind)) FROM period_calendar").Scan(&kinds); err != nil {
		return fmt.Errorf("read the kinds of periods: %w", err)
	}
	if slices.Sort(kinds); !slices.Contains(kinds, kind) {
		return &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("%q is no kind of period: it is %s", kind, strings.Join(kinds, ", "))}
	}
	return nil
}

// Ask answers a question, organs in administrative order, then by indicator,
// period and dim.
func (r *Reader) Ask(ctx context.Context, sc access.Scope, q Question) ([]Answer, error) {
	s, err := r.Compile(ctx, sc, q)
	if err != nil || s.SQL == "" {
		return nil, err
	}
	rows, err := r.deps.DB.Query(ctx, s.SQL, s.Args()...)
	if err != nil {
		return nil, fmt.Errorf("answer a question on %s: %w", strings.Join(q.Indicators, ", "), err)
	}
	defer rows.Close()
	var out []Answer
	for rows.Next() {
		a := Answer{Value: Value{PeriodKind: q.PeriodKind, Coverage: q.Coverage, Status: "value"}}
		if err := rows.Scan(&a.Who, &a.Indicator, &a.Period, &a.From, &a.To, &a.Dim, &a.Num, &a.Den, &a.N, &a.Undetermined, &a.Note, &a.Before, &a.Name.ZH, &a.Name.EN, &a.Edition); err != nil {
			return nil, fmt.Errorf("answer a question on %s: %w", strings.Join(q.Indicators, ", "), err)
		}
		if a.Organ = a.Who; orElse(q.By, "organ") != "organ" {
			a.Organ = ""
		}
		ind, err := r.Definition(a.Indicator)
		if err != nil {
			return nil, err
		}
		a.complete(ind)
		out = append(out, a)
	}
	return out, rows.Err()
}

// dims lists the dims that a question lets through; "" is the value as a whole,
// a name ending in = every value of a dimension.
func (r *Reader) dims(q Question) ([]string, error) {
	if len(q.Where) > 0 {
		return q.Where, nil
	}
	var out []string
	for _, id := range q.Indicators {
		ind, err := r.Definition(id)
		if err != nil {
			return nil, err
		}
		switch {
		case len(q.Dims) == 0 && len(ind.dimValues) > 0:
			out = append(out, ind.dimValues...)
		case len(q.Dims) == 0:
			out = append(out, "")
		}
		for _, dim := range q.Dims {
			if !slices.Contains(append(slices.Clone(ind.Slices), ind.Dims...), dim) && !(dim == "days" && ind.Days != nil) {
				return nil, &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("%s is not split by %q: it is by %s", id, dim, strings.Join(append(slices.Clone(ind.Slices), ind.Dims...), ", "))}
			}
			out = append(out, dim+"=")
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// dimsSQL lets the wanted dims through.
const dimsSQL = "(has({dims:Array(String)}, toString(dim)) OR has({dims:Array(String)}, concat(splitByChar('=', toString(dim))[1], '=')) AND dim != '')"

// periodsSQL are the periods that a question names.
const periodsSQL = `kind = {kind:String} AND ({period:String} = '' OR period = {period:String})
      AND ({from:String} = '' OR first_day >= toDate32OrZero({from:String})) AND ({to:String} = '' OR last_day <= toDate32OrZero({to:String}))`

// questionSQL is the statement of a question.
func (r *Reader) questionSQL(q Question) string {
	values := rollup.Ask{Coverage: q.Coverage, Edition: endings(q.Edition), Where: "indicator IN {indicators:Array(String)} AND " + dimsSQL, Organ: "organ_id IN {organs:Array(String)}", Periods: periodsSQL, Sums: !r.persons(q.Indicators)}
	sql := fmt.Sprintf(`SELECT v.who, v.indicator, v.period, v.begins, v.ends, v.dim, v.total, v.whole, v.units, v.open, v.noted, ifNull(named.before, '') AS before, ifNull(named.zh, '') AS zh, ifNull(named.en, '') AS en, if({coverage:String} = 'own', '', ifNull((SELECT concat(any(edition), {ending:String}) FROM indicator_part WHERE run_id = {run:String}), '')) AS edition
FROM
(
    SELECT transform(toString(organ_id), {organs:Array(String)}, {groups:Array(String)}, '') AS who, toString(indicator) AS indicator, toString(period) AS period, any(period_from) AS begins, any(period_to) AS ends, toString(dim) AS dim,
        toString(sum(num)) AS total, toString(sum(den)) AS whole, toUInt64(sum(n)) AS units, toUInt64(sum(undetermined)) AS open, any(note) AS noted
    FROM
    %s
    GROUP BY who, indicator, period, dim
) AS v
LEFT JOIN (SELECT DISTINCT period, before, zh, en FROM period_calendar WHERE kind = {kind:String}) AS named ON named.period = v.period
ORDER BY indexOf({groups:Array(String)}, v.who), v.indicator, v.period, v.dim`, values.SQL())
	if q.Limit > 0 {
		sql += fmt.Sprintf("\nLIMIT %d OFFSET %d", q.Limit, max(q.Offset, 0))
	}
	return sql
}

// persons says whether one of the indicators counts distinct persons.
func (r *Reader) persons(ids []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool {
		ind, ok := r.deps.Catalogue.Indicator(id)
		return !ok || ind.Distinct != ""
	})
}
