package measure

import (
	"context"
	"fmt"
	"strings"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// contender is one way to get the records into the tables.
type contender struct {
	name, label string
	slow        bool     // stops at Config.Sample
	lacks       []string // what it does not do of what the product does
	run         func(ctx context.Context, f *field) error
}

// The names of the contenders.
const (
	nameFile   = "file"
	nameEngine = "kafka_engine"
	nameRows   = "row_append"
	namePlain  = "hengjian_plain"
	nameSealed = "hengjian"
	nameTwo    = "hengjian_two"
)

// consumers of one topic in the Kafka table engine: two of them share its four
// partitions, on a machine with two processors the most the engine takes.
const consumers = 2

// contenders are all ways, in the order of running.
func contenders() []contender {
	unchecked := []string{"validation by contract", "quarantine with reason", "exactly once", "digest check", "canonical document numbers", "organ register", "sealing", "pseudonyms"}
	return []contender{
		{
			name: nameFile, label: "INSERT … SELECT FROM file(…, JSONEachRow): the engine alone, no Kafka",
			lacks: append([]string{"Kafka"}, unchecked...), run: runFile,
		},
		{
			slow: true, name: nameEngine, label: "ClickHouse Kafka table engine + materialised view",
			lacks: unchecked, run: runEngine,
		},
		{
			slow: true, name: nameRows, label: "kafka-go Reader + encoding/json + clickhouse-go row Append",
			lacks: unchecked, run: func(ctx context.Context, f *field) error { return f.runPart(ctx, partRows) },
		},
		{
			name: namePlain, label: "hengjian, like for like: validation and exactly once, nothing sealed",
			lacks: []string{"sealing", "pseudonyms"}, run: func(ctx context.Context, f *field) error { return f.runPart(ctx, partPlain) },
		},
		{
			name: nameSealed, label: "hengjian, the product: also sealing and pseudonyms",
			run: func(ctx context.Context, f *field) error { return f.runPart(ctx, partSealed) },
		},
		{
			name: nameTwo, label: "hengjian, like for like, two loaders that share the partitions",
			lacks: []string{"sealing", "pseudonyms"}, run: func(ctx context.Context, f *field) error { return f.runPart(ctx, partPlain, []int{0, 1}, []int{2, 3}) },
		},
	}
}

// runPart lets a loader load in a process of its own; with shares one loader per
// share of the partitions, at the same time.
func (f *field) runPart(ctx context.Context, kind string, shares ...[]int) error {
	if len(shares) == 0 {
		shares = [][]int{nil}
	}
	var parts []*part
	for i, share := range shares {
		p, err := f.startPart(ctx, kind, i, share)
		if err != nil {
			return err
		}
		defer p.end()
		parts = append(parts, p)
	}
	if err := f.begin(ctx); err != nil {
		return err
	}
	for _, p := range parts {
		if _, err := p.stdin.Write([]byte("!")); err != nil {
			return fmt.Errorf("give the word to go: %w", err)
		}
	}
	if err := f.finish(ctx); err != nil {
		return err
	}
	for _, p := range parts {
		if _, err := p.stdin.Write([]byte("?")); err != nil {
			return fmt.Errorf("ask for what was used: %w", err)
		}
		a, err := p.read()
		if err != nil {
			return err
		}
		f.run.LoaderCPU += a.CPU / (float64(f.run.Rows) / 1e6)
		f.run.LoaderPeakMB = max(f.run.LoaderPeakMB, a.PeakMB)
	}
	return nil
}

// startPart starts one loader and waits until it is ready. The first one of
// several loads the organ register.
func (f *field) startPart(ctx context.Context, kind string, number int, share []int) (*part, error) {
	b := f.bench
	o := order{Kind: kind, Dir: fmt.Sprintf("%s/keys_%s", b.config.Dir, f.base), DSN: b.engine.DSN("owner", f.base), Brokers: b.brokers, Share: share, Registered: number > 0}
	if b.config.Profile != "" {
		o.Profile = fmt.Sprintf("%s.%s.%d", b.config.Profile, f.run.Name, number)
	}
	p, err := b.start(ctx, o)
	if err != nil {
		return nil, err
	}
	if _, err := p.read(); err != nil {
		p.end()
		return nil, err
	}
	return p, nil
}

// runEngine lets the engine read the topics by itself.
func runEngine(ctx context.Context, f *field) error {
	for _, t := range f.bench.load.types {
		ddl := fmt.Sprintf(`CREATE TABLE kafka_%s (message String) ENGINE = Kafka SETTINGS kafka_broker_list = '%s', kafka_topic_list = '%s', kafka_group_name = '%s_%s',
 kafka_format = 'RawBLOB', kafka_num_consumers = %d, kafka_thread_per_consumer = 1, kafka_max_block_size = 65536, kafka_poll_max_batch_size = 65536,
 kafka_flush_interval_ms = 1000`,
			t.Name, strings.Join(f.bench.brokers, ","), t.Topic(), f.base, t.Name, consumers)
		if err := f.db.Exec(ctx, ddl); err != nil {
			return fmt.Errorf("make the Kafka table: %w", err)
		}
	}
	if err := f.begin(ctx); err != nil {
		return err
	}
	for _, t := range f.bench.load.types {
		names, values := projection(t, "concat('kafka:', _topic, '/', toString(_partition))", "_offset", true)
		view := fmt.Sprintf("CREATE MATERIALIZED VIEW view_%s TO log_%s AS WITH JSONExtract(message, '%s') AS m SELECT %s FROM kafka_%s", t.Name, t.Name, structure(t, true), aliased(names, values), t.Name)
		if err := f.db.Exec(ctx, view); err != nil {
			return fmt.Errorf("make the view: %w", err)
		}
	}
	err := f.finish(ctx)
	for _, t := range f.bench.load.types {
		for _, table := range []string{"view_", "kafka_"} {
			if dropped := f.db.Exec(ctx, "DROP TABLE "+table+t.Name+" SYNC"); err == nil {
				err = dropped
			}
		}
	}
	return err
}

// runFile lets the engine read the same bytes from files.
func runFile(ctx context.Context, f *field) error {
	if err := f.begin(ctx); err != nil {
		return err
	}
	for _, t := range f.bench.load.types {
		names, values := projection(t, "concat('file:', _file)", "sender_seq", false)
		sql := fmt.Sprintf("INSERT INTO log_%s (%s) SELECT %s FROM file('%s/%s.jsonl', JSONEachRow, '%s')", t.Name, strings.Join(names, ", "), strings.Join(values, ", "), f.bench.files, t.Topic(), strings.ReplaceAll(structure(t, false), "'", `\'`))
		settings := warehouse.WithQuery(ctx, "", map[string]any{"date_time_input_format": "best_effort", "input_format_parallel_parsing": 1})
		if err := f.db.Exec(settings, sql); err != nil {
			return fmt.Errorf("insert from the file: %w", err)
		}
	}
	return f.finish(ctx)
}

// structure is how the peers read one message of a type. From a whole message
// (JSONExtract) instants, days and amounts come as text.
func structure(t *contract.Type, whole bool) string {
	fields := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		fields[i] = f.Name + " Nullable(" + wire(f, whole) + ")"
	}
	instant := wire(contract.Field{Kind: contract.KindInstant}, whole)
	members := "message_id String, sender String, sender_seq UInt64, record_type String, schema_version UInt16, op String, revision UInt64, " +
		"business_time " + instant + ", sent_time " + instant + ", digest String, payload Tuple(" + strings.Join(fields, ", ") + ")"
	if whole {
		return "Tuple(" + members + ")"
	}
	return members
}

// wire is the type a peer would give a field.
func wire(f contract.Field, whole bool) string {
	switch f.Kind {
	case contract.KindUint:
		return "UInt64"
	case contract.KindInt:
		return "Int64"
	case contract.KindBool:
		return "Bool"
	}
	if whole {
		return "String"
	}
	switch f.Kind {
	case contract.KindDate:
		return "Date32"
	case contract.KindInstant:
		return "DateTime64(3, 'Asia/Shanghai')"
	case contract.KindDecimal:
		return "Decimal(18, 2)"
	}
	return "String"
}

// read is how a peer turns what it has read into the column's type.
func read(f contract.Field, value string, whole bool) string {
	if !whole {
		return value
	}
	switch f.Kind {
	case contract.KindDate:
		return "toDate32OrNull(" + value + ")"
	case contract.KindInstant:
		return "parseDateTime64BestEffortOrNull(" + value + ", 3, 'Asia/Shanghai')"
	case contract.KindDecimal:
		return "toDecimal64OrNull(" + value + ", 2)"
	}
	return value
}

// projection gives the columns of a log table that a peer can fill, and from
// what. Canonical numbers are taken as typed; organ ids stay NULL.
func projection(t *contract.Type, stream, offset string, whole bool) (names, values []string) {
	from := map[bool]string{true: "m."}[whole]
	add := func(name, value string) { names, values = append(names, "`"+name+"`"), append(values, value) }
	add("stream", stream)
	add("offset", "toUInt64("+offset+")")
	add("landed", "now64(3)")
	add("status", "'accepted'")
	add("contract", from+"schema_version")
	add("digest", "unhex("+from+"digest)")
	for _, same := range []string{"message_id", "sender", "sender_seq", "op", "revision"} {
		add(same, from+same)
	}
	for _, instant := range []string{"business_time", "sent_time"} {
		add(instant, read(contract.Field{Kind: contract.KindInstant}, from+instant, whole))
	}
	key := make([]string, len(t.Key))
	for i, k := range t.Key {
		key[i] = "ifNull(" + from + "payload." + k + ", '')"
	}
	add("key", "concat('', "+strings.Join(key, ", '|', ")+")")
	for _, c := range t.Columns() {
		f := t.Fields[c.Field]
		value := from + "payload." + f.Name
		switch {
		case c.Part == "id":
			value = "CAST(NULL AS Nullable(String))"
		case c.Part == "year":
			value = "toYear(" + read(f, value, whole) + ")"
		case f.Personal == "birth" && !whole:
			value = "toString(" + value + ")"
		case f.Personal != "birth":
			value = read(f, value, whole)
		}
		add(c.Name, value)
	}
	return names, values
}

// aliased writes a projection for a view, which goes by names.
func aliased(names, values []string) string {
	all := make([]string, len(names))
	for i := range names {
		all[i] = values[i] + " AS " + names[i]
	}
	return strings.Join(all, ", ")
}
