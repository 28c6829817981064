package access

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hengjian/warehouse"
)

// Expectation says what is known of a leak in the pinned engine.
type Expectation string

// The expectations.
const (
	Closed    Expectation = "closed"     // the engine's rights refuse it
	KnownOpen Expectation = "known_open" // the engine answers; the gateway of api/adhoc refuses it
)

// Leak is one way around the views, tried at every start as a reader account.
type Leak struct {
	ID   string      // stable name
	What string      // what it would show
	Want Expectation // what was seen in the pinned engine
	// SQL returns one number. {base}, {views} and {access} stand for the
	// databases. It leaks when it answers with more than zero.
	SQL string
}

// Finding is the outcome of one probe.
type Finding struct {
	Leak Leak
	Open bool
}

// New reports whether a leak that was closed is open: the engine or its
// settings have changed, and the warehouse is not ready to be read.
func (f Finding) New() bool { return f.Open && f.Leak.Want == Closed }

// Leaks returns the known leaks of the pinned engine.
func Leaks() []Leak { return append([]Leak(nil), leaks...) }

// leaks is the table of known leaks; run_commit stands for any base table, as
// its rights are those of all. Answers of this table on another engine version
// are the first thing to read before it is used.
var leaks = []Leak{
	{"base_table", "rows of a base table", Closed, "SELECT 1 + count() FROM {base}.run_commit"},
	{"scope_table", "who may see what", Closed, "SELECT 1 + count() FROM {access}.scope"},
	{"merge_tree_index", "key values of hidden rows", Closed, "SELECT 1 + count() FROM mergeTreeIndex('{base}', 'run_commit')"},
	{"merge_tree_projection", "rows of a projection", Closed, "SELECT 1 + count() FROM mergeTreeProjection('{base}', 'run_commit', 'any')"},
	{"loop", "a base table read through loop", Closed, "SELECT 1 + count() FROM (SELECT 1 FROM loop('{base}', 'run_commit') LIMIT 1)"},
	{"merge", "base tables read through merge", Closed, "SELECT 1 + count() FROM merge('{base}', 'run_commit')"},
	{"remote", "a base table read through remote", Closed, "SELECT 1 + count() FROM remote('127.0.0.1', '{base}', 'run_commit')"},
	{"cluster", "a base table read through cluster", Closed, "SELECT 1 + count() FROM cluster('default', '{base}', 'run_commit')"},
	{"url", "the network", Closed, "SELECT 1 + count() FROM url('http://127.0.0.1:1/', 'LineAsString', 'line String')"},
	{"s3", "the network", Closed, "SELECT 1 + count() FROM s3('http://127.0.0.1:1/bucket/key', 'LineAsString', 'line String')"},
	{"mysql", "another database", Closed, "SELECT 1 + count() FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')"},
	{"postgresql", "another database", Closed, "SELECT 1 + count() FROM postgresql('127.0.0.1:1', 'a', 'b', 'c', 'd')"},
	{"sqlite", "a file", Closed, "SELECT 1 + count() FROM sqlite('a', 'b')"},
	{"file_table", "files of the engine", Closed, "SELECT 1 + count() FROM file('*', 'LineAsString', 'line String')"},
	{"executable", "a program", Closed, "SELECT 1 + count() FROM executable('cat', 'LineAsString', 'line String')"},
	{"dictionary", "a dictionary", Closed, "SELECT 1 + count() FROM dictionary('any')"},
	{"dict_get", "a dictionary", Closed, "SELECT 1 + toUInt64(dictGet('any', 'value', toUInt64(1)))"},
	{"join_get", "a join table", Closed, "SELECT 1 + toUInt64(joinGet('{base}.run_commit', 'generation', 'x'))"},
	{"has_column", "columns of a base table", Closed, "SELECT 1 + hasColumnInTable('{base}', 'run_commit', 'run_id')"},
	{"system_tables_rows", "true row counts of base tables", Closed, "SELECT count() FROM system.tables WHERE database = '{base}'"},
	{"system_columns", "columns and sizes of base tables", Closed, "SELECT count() FROM system.columns WHERE database = '{base}'"},
	{"system_parts", "row counts of parts", Closed, "SELECT 1 + count() FROM system.parts"},
	{"system_parts_columns", "sizes of parts", Closed, "SELECT 1 + count() FROM system.parts_columns"},
	{"system_processes", "queries of others", Closed, "SELECT 1 + count() FROM system.processes"},
	{"system_users", "accounts", Closed, "SELECT 1 + count() FROM system.users"},
	{"system_grants", "rights of others", Closed, "SELECT countIf(user_name != currentUser()) FROM system.grants"},
	{"system_disks", "paths of the machine", Closed, "SELECT 1 + count() FROM system.disks"},
	{"information_schema", "base tables", Closed, "SELECT count() FROM information_schema.tables WHERE table_schema = '{base}'"},
	{"temporary_table", "a table of one's own", Closed, "CREATE TEMPORARY TABLE probe (a UInt8)"},
	{"execute_as", "another account", Closed, "EXECUTE AS owner SELECT toUInt64(1)"},
	{"raise_limit", "limits of the profile", Closed, "SELECT toUInt64(1) SETTINGS max_result_rows = 0"},
	{"file_scalar", "files of the engine", KnownOpen, "SELECT 1 + length(file('/etc/hosts'))"},
	{"get_setting", "settings of the account", KnownOpen, "SELECT 1 + toUInt64(getSetting('readonly'))"},
	{"get_server_setting", "paths of the machine", KnownOpen, "SELECT toUInt64(length(getServerSetting('tmp_path')))"},
	{"host_name", "the machine's name", KnownOpen, "SELECT toUInt64(length(hostName()))"},
	{"filesystem", "disk space of the machine", KnownOpen, "SELECT toUInt64(filesystemAvailable())"},
	{"system_settings", "settings of the account", KnownOpen, "SELECT count() FROM system.settings"},
	{"sleep", "time of a connection", KnownOpen, "SELECT 1 + toUInt64(sleep(0))"},
	{"view_text", "names of base tables in the text of a view", KnownOpen, "SELECT count() FROM system.tables WHERE database = '{views}' AND position(create_table_query, '{base}') > 0"},
}

// Probe tries every leak as a reader account and says which are open. An
// answer of the engine other than a result counts as closed; a lost connection
// is Unavailable.
func Probe(ctx context.Context, reader *warehouse.DB, base string) ([]Finding, error) {
	views, access := warehouse.Names(base)
	names := strings.NewReplacer("{base}", base, "{views}", views, "{access}", access)
	var one uint8
	if err := reader.QueryRow(ctx, "SELECT toUInt8(1)").Scan(&one); err != nil {
		return nil, &warehouse.Error{Code: warehouse.Unavailable, Message: "the reader account cannot reach the engine, so its known leaks cannot be tried", Err: err}
	}
	findings := make([]Finding, 0, len(leaks))
	for _, l := range leaks {
		findings = append(findings, Finding{Leak: l, Open: answers(ctx, reader, names.Replace(l.SQL))})
		if ctx.Err() != nil {
			return nil, fmt.Errorf("try the known leaks: %w", ctx.Err())
		}
	}
	return findings, nil
}

// patience is how long one probe may take; one that waits for a network is not
// refused by rights.
const patience = 3 * time.Second

// answers reports whether a probe gets a number above zero.
func answers(ctx context.Context, reader *warehouse.DB, sql string) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var shown uint64
	err := reader.QueryRow(ctx, sql).Scan(&shown)
	return (err == nil && shown > 0) || ctx.Err() != nil
}
