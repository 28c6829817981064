package engine

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// serverXML renders the server's settings: memory, limits, time zone, durable
// inserts, the folder backups may use, and a console that never shows a query.
func serverXML(c Config) string {
	var b strings.Builder
	line := func(name string, value any) { fmt.Fprintf(&b, "  <%s>%s</%s>\n", name, escaped(value), name) }
	b.WriteString("<clickhouse>\n")
	line("users_config", "users.xml")
	b.WriteString("  <logger><console>1</console><console_log_level>warning</console_log_level></logger>\n")
	line("timezone", c.Timezone)
	line("max_server_memory_usage", c.MaxMemory)
	line("mark_cache_size", c.MarkCache)
	line("max_connections", c.MaxConnections)
	line("max_concurrent_queries", c.MaxConcurrentQueries)
	if c.BrokerThreads > 0 {
		line("background_message_broker_schedule_pool_size", c.BrokerThreads)
	}
	line("user_files_path", c.filesDir()+"/")
	line("tmp_path", c.tempDir()+"/")
	fmt.Fprintf(&b, "  <backups><allowed_path>%s</allowed_path></backups>\n", escaped(c.backupsDir()+"/"))
	b.WriteString("  <merge_tree><fsync_after_insert>1</fsync_after_insert><fsync_part_directory>1</fsync_part_directory></merge_tree>\n")
	b.WriteString("  <access_control_improvements>")
	for _, name := range []string{
		"select_from_system_db_requires_grant", "select_from_information_schema_requires_grant",
		"settings_constraints_replace_previous", "table_engines_require_grant",
	} {
		fmt.Fprintf(&b, "<%s>true</%s>", name, name)
	}
	b.WriteString("</access_control_improvements>\n</clickhouse>\n")
	return b.String()
}

// usersXML renders profiles and accounts. Passwords are stored as SHA-256. The
// account default must exist with an empty password, so it may do nothing but
// open the server's port.
func usersXML(accounts []Account, passwords map[string]string) string {
	var b strings.Builder
	b.WriteString("<clickhouse>\n <profiles>\n")
	for _, profile := range []string{"default", ProfileOwner, ProfileService, ProfileReader} {
		writeProfile(&b, profile)
	}
	b.WriteString(" </profiles>\n <quotas><default></default></quotas>\n <users>\n")
	b.WriteString("  <default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>" +
		"<grants><query>GRANT SYSTEM LISTEN ON *.*</query></grants></default>\n")
	all := append([]Account{{
		Name: keeper, Profile: ProfileService,
		Grants: []string{"GRANT KILL QUERY ON *.*", "GRANT SELECT ON system.processes"},
	}}, accounts...)
	hashed := digests(all, passwords)
	for _, a := range all {
		fmt.Fprintf(&b, "  <%s><password_sha256_hex>%s</password_sha256_hex><networks><ip>127.0.0.1</ip></networks><profile>%s</profile><quota>default</quota><grants>",
			a.Name, hashed[a.Name], a.Profile)
		for _, grant := range a.Grants {
			fmt.Fprintf(&b, "<query>%s</query>", escaped(grant))
		}
		fmt.Fprintf(&b, "</grants></%s>\n", a.Name)
	}
	b.WriteString(" </users>\n</clickhouse>\n")
	return b.String()
}

// writeProfile writes one profile with its constraints.
func writeProfile(b *strings.Builder, profile string) {
	settings := profileSettings(profile)
	fmt.Fprintf(b, "  <%s>\n", profile)
	for _, s := range settings {
		fmt.Fprintf(b, "   <%s>%s</%s>\n", s.name, escaped(s.value), s.name)
	}
	b.WriteString("   <constraints>")
	for _, s := range settings {
		switch {
		case s.least != "":
			fmt.Fprintf(b, "<%s><min>%s</min><max>%s</max><changeable_in_readonly/></%s>", s.name, s.least, s.most, s.name)
		case profile == ProfileReader || s.name == "allow_ddl":
			fmt.Fprintf(b, "<%s><readonly/></%s>", s.name, s.name)
		}
	}
	fmt.Fprintf(b, "</constraints>\n  </%s>\n", profile)
}

// escaped makes a value safe as XML text.
func escaped(value any) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, fmt.Append(nil, value)); err != nil {
		return ""
	}
	return b.String()
}
