package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"hengjian/jobs/indicator"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
)

// portion is how many of a hundred records are of a type.
type portion struct {
	kind    string
	percent int
}

// benchMemoryMB is what the engine of the bench may use at least, MiB.
const benchMemoryMB = 8192

// spread is how the simulator spreads records over types.
func spread() []portion {
	return []portion{{"coercive_measure", 26}, {"prosecution_decision", 24}, {"trial", 20}, {"arrest_review", 18}, {"supervision_document", 8}, {"sentence_change", 4}}
}

// benchIndicators counts the full catalogue over records made inside the engine:
// against the same indicators each as its own statement, against one scan of the
// columns they need, and against what one day changes.
func benchIndicators(c *call) (measured, error) {
	c.cfg.Data = c.bench.Keep
	if c.cfg.Data == "" {
		dir, err := os.MkdirTemp("", "hengjian-bench-")
		if err != nil {
			return measured{}, fmt.Errorf("make a scratch folder: %w", err)
		}
		defer os.RemoveAll(dir)
		c.cfg.Data = dir
	}
	c.cfg.ClickHouse.MemoryMB = max(c.cfg.ClickHouse.MemoryMB, benchMemoryMB)
	var out measured
	err := c.withStore(func(ctx context.Context, s *store) error {
		b := &indicatorBench{ctx: ctx, s: s, only: c.bench.Only, records: c.bench.Records, took: map[string]float64{}}
		if err := b.measure(); err != nil {
			return err
		}
		out = b.result()
		return nil
	})
	return out, err
}

// indicatorBench is one measurement.
type indicatorBench struct {
	ctx     context.Context
	s       *store
	records int
	only    []string           // steps; empty = all
	took    map[string]float64 // seconds
}

func (b *indicatorBench) measure() error {
	steps := []struct {
		name string
		run  func() error
	}{
		{"generate", b.generate},
		{"floor", b.floor},
		{"full", func() error { return b.run("run-1", "2025-12-30", 1, 0, true) }},
		{"separate", b.separate},
		{"day", b.day},
		{"incremental", func() error { return b.run("run-2", "2025-12-31", 2, 1<<40, false) }},
		{"query", b.query},
	}
	for _, step := range steps {
		if len(b.only) > 0 && !slices.Contains(b.only, step.name) {
			continue
		}
		began := time.Now()
		if err := step.run(); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		if _, timed := b.took[step.name]; !timed {
			b.took[step.name] = time.Since(began).Seconds()
		}
		b.s.log.Info("bench indicators", "step", step.name, "seconds", b.took[step.name])
	}
	return nil
}

func (b *indicatorBench) exec(sql string, args ...any) error {
	return b.s.owner.Exec(warehouse.WithQuery(b.ctx, "", map[string]any{"max_query_size": 4 << 20}), sql, args...)
}

// generate makes the organs and the records, or takes those that were kept and
// forgets earlier measurements. What was not finished is made again.
func (b *indicatorBench) generate() error {
	for _, table := range []string{"organ", "run", "run_input", "run_commit", "touched", "indicator_cell", "indicator_months", "indicator_part", "indicator_person", "indicator_above"} {
		if err := b.exec("TRUNCATE TABLE " + table); err != nil {
			return err
		}
	}
	if err := b.fill(); err != nil {
		return err
	}
	for _, x := range spread() {
		for _, table := range []string{x.kind, x.kind + "_history"} {
			for _, sql := range copied(table, "kept_"+table) {
				if err := b.exec(sql); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// copied links the parts of one table into another.
func copied(to, from string) []string {
	out := make([]string, 4)
	for i := range out {
		out[i] = fmt.Sprintf("ALTER TABLE `%s` REPLACE PARTITION %d FROM `%s`", to, i, from)
	}
	return out
}

// fill makes the organs and the records.
func (b *indicatorBench) fill() error {
	organ := func(id, code, level, above string, order int) string {
		return fmt.Sprintf("('%[1]s', '%[1]s', '%[2]s', '%[1]s', 'procuratorate', '%[3]s', 'regular', '110000', %[4]d, '2000-01-01', '%[5]s')", id, code, level, order, above)
	}
	rows := []string{organ("o0", "0", "national", "", 0)}
	for p := 1; p <= 31; p++ {
		rows = append(rows, organ(fmt.Sprintf("p%d", p), fmt.Sprintf("p%d", p), "provincial", "0", p*100))
	}
	for i := range 369 {
		rows = append(rows, organ(fmt.Sprintf("o%d", i+32), fmt.Sprintf("o%d", i+32), "prefectural", fmt.Sprintf("p%d", i%31+1), (i%31+1)*100+i/31+1))
	}
	if err := b.exec("INSERT INTO organ (key, organ_id, code, name, system, level, kind, region, admin_order, valid_from, led_by) VALUES " + strings.Join(rows, ", ")); err != nil {
		return err
	}
	for _, x := range spread() {
		if has, err := b.has("made_" + x.kind); err != nil || has {
			if err != nil {
				return err
			}
			continue
		}
		t, _ := b.s.defs.contracts.Type(x.kind)
		for _, table := range []string{x.kind, x.kind + "_history"} {
			if err := b.exec("TRUNCATE TABLE `" + table + "`"); err != nil {
				return err
			}
		}
		if err := b.insert(t, fmt.Sprintf("SELECT number, 1 AS revision, number AS at FROM numbers(%d)", b.records*x.percent/100), 0); err != nil {
			return err
		}
		for _, table := range []string{x.kind, x.kind + "_history"} {
			for _, sql := range append([]string{"CREATE TABLE IF NOT EXISTS kept_" + table + " AS `" + table + "`"}, copied("kept_"+table, table)...) {
				if err := b.exec(sql); err != nil {
					return err
				}
			}
		}
		if err := b.exec("CREATE TABLE made_" + x.kind + " (none UInt8) ENGINE = Memory"); err != nil {
			return err
		}
	}
	return nil
}

// has says whether there is a table of that name.
func (b *indicatorBench) has(table string) (bool, error) {
	var n uint64
	err := b.s.owner.QueryRow(b.ctx, "SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = {name:String}", warehouse.Param("name", table)).Scan(&n)
	return n > 0, err
}

// insert fills history and current table of a type from rows of number,
// revision and at (the offset, since or later): codes, days and organs follow from a hash of the
// number, a twelfth of what may be missing is.
func (b *indicatorBench) insert(t *contract.Type, from string, since int) error {
	names := []string{"key", "revision", "fate", "stream", "offset", "business_on"}
	values := []string{"concat('" + t.Name + "/', leftPad(toString(number), 10, '0'))", "revision", "'applied'", "'bench'", "at", "addDays(toDate32('2023-01-01'), cityHash64(number, 'on') % 1095)"}
	needed := b.s.defs.indicators.Needs(b.s.defs.contracts)[t.Name]
	for _, col := range t.Columns() {
		f := t.Fields[col.Field]
		hash := fmt.Sprintf("cityHash64(number, revision, '%s')", col.Name)
		value := ""
		switch {
		case !slices.Contains(needed, col.Name) && !strings.HasPrefix(col.Stored, "LowCardinality(String)") && col.Stored != "String":
			continue
		case f.Kind == contract.KindOrgan:
			value = "concat('o', toString(32 + cityHash64(number, 'organ') % 369))"
		case f.Kind == contract.KindEnum:
			codes := make([]string, len(f.Values))
			for i, v := range f.Values {
				codes[i] = "'" + v.Code + "'"
			}
			value = fmt.Sprintf("[%s][%s %% %d + 1]", strings.Join(codes, ", "), hash, len(codes))
		case f.Kind == contract.KindDate:
			value = fmt.Sprintf("addDays(toDate32('2023-01-01'), cityHash64(number, 'on') %% 1095 + %s %% 60)", hash)
		case f.Kind == contract.KindInstant:
			value = fmt.Sprintf("toDateTime64(addDays(toDate('2023-01-01'), cityHash64(number, 'on') %% 1095 + %s %% 60), 3, 'Asia/Shanghai')", hash)
		case f.Kind == contract.KindBool:
			value = hash + " % 2 = 0"
		case f.Kind == contract.KindUint, f.Kind == contract.KindInt, f.Kind == contract.KindDecimal:
			value = hash + " % 100"
		default:
			value = "'x'"
		}
		if strings.Contains(col.Stored, "Nullable") {
			value = fmt.Sprintf("if(%s %% 12 = 11, NULL, %s)", hash, value)
		}
		names, values = append(names, "`"+col.Name+"`"), append(values, value)
	}
	list := strings.Join(names, ", ")
	if err := b.exec(fmt.Sprintf("INSERT INTO `%s_history` (%s) SELECT %s FROM (%s)", t.Name, list, strings.Join(values, ", "), from)); err != nil {
		return err
	}
	return b.exec(fmt.Sprintf("INSERT INTO `%[1]s` (%[2]s, version) SELECT %[2]s, toUInt128(revision) FROM `%[1]s_history` WHERE offset >= %[3]d", t.Name, list, since))
}

// floor reads the needed columns of every type once; the second reading counts.
func (b *indicatorBench) floor() error {
	for range 2 {
		began := time.Now()
		for from, columns := range b.s.defs.indicators.Needs(b.s.defs.contracts) {
			if err := b.exec("SELECT count() FROM `" + from + "` WHERE NOT ignore(" + strings.Join(columns, ", ") + ") FORMAT Null"); err != nil {
				return err
			}
		}
		b.took["floor"] = time.Since(began).Seconds()
	}
	return nil
}

// run computes the catalogue as one run and makes it visible.
func (b *indicatorBench) run(id, asOf string, generation, beyond uint64, full bool) error {
	known := max(uint64(b.records), beyond)
	on, err := time.Parse(time.DateOnly, asOf)
	if err != nil {
		return err
	}
	for _, sql := range []string{
		fmt.Sprintf("INSERT INTO run (run_id, generation, as_of, definitions, code, started, reason) VALUES ('%s', %d, '%s', 'd', 'c', now64(3), '')", id, generation, asOf),
		fmt.Sprintf("INSERT INTO run_input (run_id, stream, offset) VALUES ('%s', 'bench', %d)", id, known),
	} {
		if err := b.exec(sql); err != nil {
			return err
		}
	}
	config := indicator.DefaultConfig()
	config.Full = full
	job, err := indicator.New(config, indicator.Deps{DB: b.s.owner, Contracts: b.s.defs.contracts, Catalogue: b.s.defs.indicators})
	if err != nil {
		return err
	}
	began := time.Now()
	if _, err := job.Run(b.ctx, warehouse.Run{ID: id, Generation: uint32(generation), AsOf: on, Definitions: "d"}); err != nil {
		return err
	}
	b.took[map[bool]string{true: "full", false: "incremental"}[full]] = time.Since(began).Seconds()
	return b.exec(fmt.Sprintf("INSERT INTO run_commit (family, run_id, generation, as_of, committed) VALUES ('indicator', '%s', %d, '%s', now64(3))", id, generation, asOf))
}

// separate computes every indicator by statements of its own over the same tables.
func (b *indicatorBench) separate() error {
	args := []any{warehouse.Param("run", "separate"), warehouse.Param("pairs", "separate"), warehouse.Param("generation", "9"), warehouse.Param("as_of", "2025-12-30"), warehouse.Param("base", "")}
	for _, ind := range b.s.defs.indicators.Indicators() {
		for _, sql := range strings.Split(b.s.defs.indicators.SQL(ind, b.s.defs.contracts), ";\n") {
			if strings.TrimSpace(sql) == "" {
				continue
			}
			if err := b.exec(sql, args...); err != nil {
				return fmt.Errorf("%s: %w", ind.ID, err)
			}
		}
	}
	return nil
}

// day adds one day of new records and corrects a thousandth of the old ones.
func (b *indicatorBench) day() error {
	for _, x := range spread() {
		t, _ := b.s.defs.contracts.Type(x.kind)
		n := b.records * x.percent / 100
		from := fmt.Sprintf("SELECT number + %[1]d AS number, 1 AS revision, %[2]d + number AS at FROM numbers(%[3]d) UNION ALL SELECT number * 1000 AS number, 2 AS revision, %[4]d + number AS at FROM numbers(%[5]d)",
			n, b.records+1, n/1095, 2*b.records, n/1000)
		if err := b.insert(t, from, b.records+1); err != nil {
			return err
		}
		if err := b.exec(fmt.Sprintf("INSERT INTO touched (record_type, stream, offset, key, op, derived) SELECT '%s', 'bench', at, concat('%[1]s/', leftPad(toString(number), 10, '0')), 'upsert', now64(3) FROM (%s)", x.kind, from)); err != nil {
			return err
		}
	}
	return nil
}

// query asks for 31 provinces over 24 months; the median of nine counts.
func (b *indicatorBench) query() error {
	reader := indicator.NewReader(indicator.ReaderDeps{DB: b.s.owner, Contracts: b.s.defs.contracts, Catalogue: b.s.defs.indicators})
	var each []float64
	for range 9 {
		text, err := reader.Compile(b.ctx, access.Job("bench"), indicator.Question{
			Run: "run-2", Indicators: []string{"AR02b"}, Level: "provincial", Coverage: "closure", PeriodKind: "month", From: "2024-01-01", To: "2025-12-31",
		})
		if err != nil {
			return err
		}
		began := time.Now()
		rows, err := b.s.owner.Query(b.ctx, text.SQL, text.Args()...)
		if err != nil {
			return err
		}
		n := 0
		for rows.Next() {
			n++
		}
		if err := rows.Close(); err != nil || n != 31*24 {
			return fmt.Errorf("%d answers for 31 provinces and 24 months (%w)", n, err)
		}
		each = append(each, time.Since(began).Seconds())
	}
	slices.Sort(each)
	b.took["query"] = each[len(each)/2]
	return nil
}

// result puts the seconds against each other.
func (b *indicatorBench) result() measured {
	figures := map[string]float64{"records": float64(b.records), "indicators": float64(len(b.s.defs.indicators.Indicators()))}
	for name, seconds := range maps.All(b.took) {
		figures[name+"_seconds"] = seconds
	}
	return measured{
		Figures: figures,
		Ratios: map[string]float64{
			"separate statements (goal 8 or more)": b.took["separate"] / b.took["full"],
			"one scan (goal 1/6 or more)":          b.took["floor"] / b.took["full"],
			"full run for a day (goal 33 or more)": b.took["full"] / b.took["incremental"],
			"50 ms for a query (goal 1 or more)":   0.05 / b.took["query"],
		},
		Notes: []string{
			"full counts every month and organ of the catalogue, notes of what the values are made, and recomputes published figures; organs above and longer periods are summed up when read",
			"separate counts each indicator by grouped statements of its own, as indicators sql prints them, into one row per cell; both read the current tables with FINAL",
			"the day of reckoning moves on by one day between the full run and the later one",
			"the verdict table is empty: indicators over verdicts cost only their statements",
		},
	}
}
