package engine

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"

	"hengjian/warehouse"
)

// Account is one sign-in of the engine. People are no accounts: they are rows
// of the scope tables and read through a reader account.
type Account struct {
	Name     string   // lower case letters, digits, underscore
	Profile  string   // ProfileOwner, ProfileService or ProfileReader
	Grants   []string // GRANT statements without the trailing account, such as "GRANT SELECT ON v.*"
	Password string   // "" lets the engine draw a random one per start
}

// The profiles an account can have.
const (
	ProfileOwner   = "owner"   // everything: definitions, loader, jobs
	ProfileService = "service" // the API: reads, inserts, no definitions
	ProfileReader  = "reader"  // ad hoc analysts: read only, limited, settings fixed
)

// Readers is the number of reader accounts, reader_00 to reader_31.
const Readers = 32

// keeper is the engine's own account: it asks whether the server is up and
// ends the query that keeps it alive.
const keeper = "keeper"

// StandardAccounts returns the accounts of a warehouse whose base database is
// base: owner, service and reader_00…reader_31. A base that ends in * means
// every database that begins so, and its views and scope tables likewise.
func StandardAccounts(base string) []Account {
	views, access := warehouse.Names(base)
	service := []string{"GRANT KILL QUERY ON *.*", "GRANT CREATE TEMPORARY TABLE ON *.*"}
	for _, database := range []string{base, views, access} {
		service = append(service, "GRANT SELECT, INSERT ON "+database+".*")
	}
	for _, table := range []string{"processes", "parts", "tables", "columns", "metrics", "asynchronous_metrics"} {
		service = append(service, "GRANT SELECT ON system."+table)
	}
	accounts := []Account{
		{Name: "owner", Profile: ProfileOwner, Grants: []string{"GRANT ALL ON *.* WITH GRANT OPTION"}},
		{Name: "service", Profile: ProfileService, Grants: service},
	}
	for i := range Readers {
		accounts = append(accounts, Account{
			Name: fmt.Sprintf("reader_%02d", i), Profile: ProfileReader,
			Grants: []string{"GRANT SELECT ON " + views + ".*"},
		})
	}
	return accounts
}

// setting is one line of a profile; least and most bound what a client may ask for.
type setting struct {
	name, value string
	least, most string
}

// profileSettings returns the settings of a profile. Every profile has
// async_insert=0 (this engine's own default is 1) and join_use_nulls=1.
func profileSettings(profile string) []setting {
	settings := []setting{
		{name: "async_insert", value: "0"},
		{name: "join_use_nulls", value: "1"},
	}
	switch profile {
	case ProfileOwner:
		return append(settings, setting{name: "max_memory_usage", value: "0"})
	case ProfileService:
		return append(settings,
			setting{name: "allow_ddl", value: "0"},
			setting{name: "use_query_cache", value: "0"})
	case ProfileReader:
		return append(settings,
			setting{name: "readonly", value: "1"},
			setting{name: "allow_ddl", value: "0"},
			setting{name: "use_query_cache", value: "0"},
			// the driver asks for the context's deadline plus five seconds
			setting{name: "max_execution_time", value: "30", least: "1", most: "40"},
			setting{name: "max_result_rows", value: "100000"},
			setting{name: "result_overflow_mode", value: "throw"},
			setting{name: "max_result_bytes", value: "268435456"},
			setting{name: "max_memory_usage", value: "1073741824"},
			setting{name: "max_rows_to_read", value: "500000000"},
			setting{name: "read_overflow_mode", value: "throw"},
			setting{name: "timeout_overflow_mode", value: "throw"},
			setting{name: "max_ast_elements", value: "5000"},
			setting{name: "max_ast_depth", value: "300"},
			setting{name: "max_expanded_ast_elements", value: "20000"},
			setting{name: "max_query_size", value: "65536"},
			setting{name: "max_concurrent_queries_for_user", value: "4"},
			setting{name: "max_bytes_before_external_group_by", value: "536870912"},
			setting{name: "max_bytes_before_external_sort", value: "536870912"},
			setting{name: "max_threads", value: "4"},
			setting{name: "allow_introspection_functions", value: "0"})
	}
	return settings
}

// accountName is what an account may be called.
var accountName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// validateAccounts checks names, profiles and grants.
func validateAccounts(accounts []Account) []error {
	var errs []error
	seen := map[string]bool{"default": true, keeper: true}
	for _, a := range accounts {
		switch {
		case !accountName.MatchString(a.Name):
			errs = append(errs, fmt.Errorf("engine.accounts: %q is not a name (a-z, 0-9, _)", a.Name))
		case seen[a.Name]:
			errs = append(errs, fmt.Errorf("engine.accounts: %s is named twice or reserved", a.Name))
		case a.Profile != ProfileOwner && a.Profile != ProfileService && a.Profile != ProfileReader:
			errs = append(errs, fmt.Errorf("engine.accounts: %s has the unknown profile %q", a.Name, a.Profile))
		case len(a.Grants) == 0:
			errs = append(errs, fmt.Errorf("engine.accounts: %s has no grant", a.Name))
		}
		seen[a.Name] = true
	}
	return errs
}

// drawPasswords gives every account, and the keeper, a password of this start.
func drawPasswords(accounts []Account) map[string]string {
	passwords := map[string]string{keeper: drawPassword()}
	for _, a := range accounts {
		passwords[a.Name] = a.Password
		if a.Password == "" {
			passwords[a.Name] = drawPassword()
		}
	}
	return passwords
}

// drawPassword returns 256 random bits as hex.
func drawPassword() string {
	raw := make([]byte, 32)
	rand.Read(raw) //nolint:errcheck // never fails by its contract
	return hex.EncodeToString(raw)
}

// digests returns the SHA-256 of each account's password as hex.
func digests(accounts []Account, passwords map[string]string) map[string]string {
	all := map[string]string{}
	for _, a := range accounts {
		digest := sha256.Sum256([]byte(passwords[a.Name]))
		all[a.Name] = hex.EncodeToString(digest[:])
	}
	return all
}
