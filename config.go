package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"hengjian/warehouse"
)

// Config is the whole configuration. Values come from the file, the environment
// (HENGJIAN_SECTION_KEY) and the flags, in that order: the later wins.
type Config struct {
	Data        string           `koanf:"data" doc:"folder of the embedded warehouse, broker and keys"`
	Definitions string           `koanf:"definitions" doc:"folder that overlays contracts, rules and indicators"`
	Listen      string           `koanf:"listen" doc:"address of the pages and the API"`
	Log         LogConfig        `koanf:"log"`
	ClickHouse  ClickHouseConfig `koanf:"clickhouse"`
	Kafka       KafkaConfig      `koanf:"kafka"`
	Ingest      IngestConfig     `koanf:"ingest"`
	Jobs        JobsConfig       `koanf:"jobs"`
	Link        LinkConfig       `koanf:"link"`
	Simulate    SimulateConfig   `koanf:"simulate"`
}

// LogConfig says how much is logged and in which form.
type LogConfig struct {
	Level  string `koanf:"level" doc:"debug, info, warn or error"`
	Format string `koanf:"format" doc:"text or json"`
}

// ClickHouseConfig names an external server, or bounds the embedded one.
type ClickHouseConfig struct {
	DSN      string `koanf:"dsn" secret:"true" doc:"external server as clickhouse://account:password@host:9000/hengjian; empty = embedded"`
	Library  string `koanf:"library" doc:"folder with the fetched engine; empty = the user cache folder"`
	Port     int    `koanf:"port" doc:"port of the embedded engine on 127.0.0.1; 0 = any free one"`
	MemoryMB int    `koanf:"memory_mb" doc:"memory bound of the embedded engine, MiB"`
}

// KafkaConfig names an external cluster; without brokers the embedded one is used.
type KafkaConfig struct {
	Brokers     []string `koanf:"brokers" doc:"external brokers host:port; empty = embedded"`
	TLS         bool     `koanf:"tls" doc:"speak TLS to external brokers"`
	Mechanism   string   `koanf:"mechanism" doc:"SASL mechanism: empty, plain, scram-sha-256 or scram-sha-512"`
	User        string   `koanf:"user" doc:"SASL user"`
	Password    string   `koanf:"password" secret:"true" doc:"SASL password"`
	Group       string   `koanf:"group" doc:"consumer group in which several loaders share the partitions of external brokers; empty = this one loads all"`
	Incarnation int      `koanf:"incarnation" doc:"raise by one after a topic was deleted and made anew"`
}

// IngestConfig says how often the way in is checked.
type IngestConfig struct {
	VerifyEvery time.Duration `koanf:"verify_every" doc:"prove the way in from the data this often, at least 1m"`
	Drop        string        `koanf:"drop" doc:"folder in which departments drop packages (zip with manifest.json); empty = packages in the data folder"`
	Keys        string        `koanf:"keys" doc:"JSON file of organ codes and ed25519 public keys in hex; these senders must sign their packages"`
	StopAtGap   bool          `koanf:"stop_at_gap" doc:"stop a loader when Kafka has dropped records before they were loaded, instead of declaring the gap and going on"`
	Principals  string        `koanf:"principals" doc:"JSON file of organ codes and Kafka principals, such as {\"330100000000\": \"User:hangzhou-police\"}: who may read an organ's receipts; of others nobody may"`
	Receipts    string        `koanf:"receipts" doc:"answer senders on hj-receipt.<sender>: on, off, or auto = on with external brokers"`
}

// LinkConfig says how records become persons.
type LinkConfig struct {
	Mode      string `koanf:"mode" doc:"clear: compare values inside the job; pseudonymised: compare keys from the key process, which alone opens originals"`
	Key       string `koanf:"key" secret:"true" doc:"linkage key as epoch:hex, best from the environment; empty = keys/linkage.key in the data folder"`
	KeysRate  int    `koanf:"keys_rate" doc:"values per second that the key process answers a caller"`
	KeysBurst int    `koanf:"keys_burst" doc:"values that it answers at once"`
	KeysDaily int    `koanf:"keys_daily" doc:"values that it answers in a day; 0 = no bound"`
}

// JobsConfig says when the batch jobs run.
type JobsConfig struct {
	AsOf   string        `koanf:"as_of" doc:"legal day on which clocks are read, YYYY-MM-DD; empty = today, or the simulation's last day"`
	Settle time.Duration `koanf:"settle" doc:"run the jobs when data have been quiet this long"`
}

// SimulateConfig describes the synthetic country that up fills a new warehouse with.
type SimulateConfig struct {
	Cases int    `koanf:"cases" doc:"case chains to simulate; 0 = none"`
	Seed  uint64 `koanf:"seed" doc:"same seed, same country"`
	AsOf  string `koanf:"as_of" doc:"last day of the simulated records, YYYY-MM-DD"`
}

// DefaultConfig returns what holds where nothing is said.
func DefaultConfig() Config {
	return Config{
		Data:       "data",
		Listen:     "127.0.0.1:8080",
		Log:        LogConfig{Level: "info", Format: "text"},
		ClickHouse: ClickHouseConfig{MemoryMB: 1024},
		Kafka:      KafkaConfig{Incarnation: 1},
		Ingest:     IngestConfig{VerifyEvery: 24 * time.Hour, Receipts: "auto"},
		Jobs:       JobsConfig{Settle: 5 * time.Second},
		Link:       LinkConfig{Mode: "clear", KeysRate: 500_000, KeysBurst: 4_000_000, KeysDaily: 300_000_000},
		Simulate:   SimulateConfig{Cases: 20000, Seed: 1, AsOf: "2026-06-30"},
	}
}

// setting is one configuration value with where it came from.
type setting struct {
	key, value, source, doc string
	secret                  bool
}

// loadConfig layers defaults, file, environment and flags. An explicit file
// must exist; hengjian.yaml in the working folder is optional.
func loadConfig(path string, environ func() []string, flags map[string]any) (Config, []setting, error) {
	k := koanf.New(".")
	fields := leaves(reflect.TypeFor[Config](), "")
	source := map[string]string{}
	layer := func(name string, p koanf.Provider, parser koanf.Parser) error {
		one := koanf.New(".")
		if err := one.Load(p, parser); err != nil {
			return fmt.Errorf("read the configuration from %s: %w", name, err)
		}
		for _, key := range one.Keys() {
			if !slices.ContainsFunc(fields, func(s setting) bool { return s.key == key }) {
				return &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("unknown setting %q in %s: run `hengjian config` for the list", key, name)}
			}
			source[key] = name
		}
		return k.Merge(one)
	}
	if path == "" {
		if _, err := os.Stat("hengjian.yaml"); err == nil {
			path = "hengjian.yaml"
		}
	}
	if path != "" {
		if err := layer("file "+path, file.Provider(path), yaml.Parser()); err != nil {
			return Config{}, nil, err
		}
	}
	if err := layer("environment", env.Provider(".", env.Opt{Prefix: "HENGJIAN_", TransformFunc: fromEnvironment, EnvironFunc: environ}), nil); err != nil {
		return Config{}, nil, err
	}
	if err := layer("flags", confmap.Provider(flags, "."), nil); err != nil {
		return Config{}, nil, err
	}
	c := DefaultConfig()
	if err := k.Unmarshal("", &c); err != nil {
		return Config{}, nil, &warehouse.Error{Code: warehouse.Invalid, Message: "the configuration has a value of the wrong kind: " + err.Error(), Err: err}
	}
	return c, describe(c, fields, source), c.Validate()
}

// fromEnvironment turns HENGJIAN_CLICKHOUSE_MEMORY_MB into clickhouse.memory_mb.
func fromEnvironment(key, value string) (string, any) {
	key = strings.ToLower(strings.TrimPrefix(key, "HENGJIAN_"))
	for _, section := range []string{"log", "clickhouse", "kafka", "ingest", "jobs", "link", "simulate"} {
		if rest, ok := strings.CutPrefix(key, section+"_"); ok {
			key = section + "." + rest
		}
	}
	if key == "kafka.brokers" {
		return key, strings.Split(value, ",")
	}
	return key, value
}

// leaves lists every setting of a configuration struct with its documentation.
func leaves(t reflect.Type, prefix string) []setting {
	var all []setting
	for i := range t.NumField() {
		f := t.Field(i)
		key := prefix + f.Tag.Get("koanf")
		if f.Type.Kind() == reflect.Struct {
			all = append(all, leaves(f.Type, key+".")...)
			continue
		}
		all = append(all, setting{key: key, doc: f.Tag.Get("doc"), secret: f.Tag.Get("secret") == "true"})
	}
	return all
}

func describe(c Config, fields []setting, source map[string]string) []setting {
	for i := range fields {
		v := reflect.ValueOf(c)
		for part := range strings.SplitSeq(fields[i].key, ".") {
			v = v.FieldByNameFunc(func(name string) bool {
				f, _ := v.Type().FieldByName(name)
				return f.Tag.Get("koanf") == part
			})
		}
		fields[i].value = fmt.Sprint(v.Interface())
		if fields[i].secret && fields[i].value != "" {
			fields[i].value = "(hidden)"
		}
		fields[i].source = "default"
		if s, ok := source[fields[i].key]; ok {
			fields[i].source = s
		}
	}
	return fields
}

// Validate returns every problem of the configuration at once.
func (c Config) Validate() error {
	var errs []error
	bad := func(key, what string) { errs = append(errs, fmt.Errorf("%s: %s", key, what)) }
	if c.Data == "" {
		bad("data", "name a folder")
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		bad("listen", "write host:port, such as 127.0.0.1:8080")
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, c.Log.Level) {
		bad("log.level", "write debug, info, warn or error")
	}
	if !slices.Contains([]string{"on", "off", "auto"}, c.Ingest.Receipts) {
		bad("ingest.receipts", "write on, off or auto")
	}
	if !slices.Contains([]string{"clear", pseudonymised}, c.Link.Mode) {
		bad("link.mode", "write clear or pseudonymised")
	}
	if c.Link.KeysRate < 1000 || c.Link.KeysBurst < 100_000 || c.Link.KeysDaily < 0 {
		bad("link.keys_rate", "a rate of 1000 and a burst of 100000 values are the least, and a day's bound is not negative")
	}
	if c.Ingest.VerifyEvery < time.Minute {
		bad("ingest.verify_every", "write at least 1m")
	}
	if !slices.Contains([]string{"text", "json"}, c.Log.Format) {
		bad("log.format", "write text or json")
	}
	if u, err := url.Parse(c.ClickHouse.DSN); c.ClickHouse.DSN != "" && (err != nil || u.Scheme != "clickhouse" || u.Host == "") {
		bad("clickhouse.dsn", "write clickhouse://account:password@host:9000/database")
	}
	if c.ClickHouse.MemoryMB < 256 {
		bad("clickhouse.memory_mb", "the engine needs 256 MiB at least")
	}
	if c.ClickHouse.Port < 0 || c.ClickHouse.Port > 65535 {
		bad("clickhouse.port", "write a port from 0 to 65535")
	}
	if !slices.Contains([]string{"", "plain", "scram-sha-256", "scram-sha-512"}, c.Kafka.Mechanism) {
		bad("kafka.mechanism", "write plain, scram-sha-256 or scram-sha-512, or leave it empty")
	}
	if c.Kafka.Incarnation < 1 {
		bad("kafka.incarnation", "counts from 1")
	}
	for key, day := range map[string]string{"jobs.as_of": c.Jobs.AsOf, "simulate.as_of": c.Simulate.AsOf} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			bad(key, "write a day as YYYY-MM-DD")
		}
	}
	if c.Simulate.Cases < 0 {
		bad("simulate.cases", "cannot be negative")
	}
	if c.Definitions != "" {
		if s, err := os.Stat(c.Definitions); err != nil || !s.IsDir() {
			bad("definitions", "the folder "+c.Definitions+" does not exist")
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return &warehouse.Error{Code: warehouse.Invalid, Message: "the configuration is not valid:\n  " + strings.ReplaceAll(errors.Join(errs...).Error(), "\n", "\n  ")}
}

// logger writes structured logs to w.
func (c LogConfig) logger(w io.Writer) *slog.Logger {
	level := slog.LevelInfo
	_ = level.UnmarshalText([]byte(c.Level))
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// path joins the data folder and a name.
func (c Config) path(name string) string { return filepath.Join(c.Data, name) }
