package link

import (
	"fmt"
	"strings"

	"hengjian/warehouse/contract"
)

// origin are the kinds of docket with which a chain may begin without a reference.
const origin = "('police_investigation', 'supervisory_investigation', 'supervision')"

// literal quotes a constant of a contract.
func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", `\'`) + "'" }

// text makes a column a plain string, ” when it is missing.
func text(column string) string { return "ifNull(toString(`" + column + "`), '')" }

// numberColumn is the normalised column of a document number, else the field itself.
func numberColumn(t *contract.Type, field string) string {
	f, _ := t.Field(field)
	if f.Kind == contract.KindDocumentNumber || f.Kind == contract.KindCourtCaseNumber {
		return field + "_norm"
	}
	return field
}

// nodes lists docket, organ, kind, number and reference of every record; only
// the docket's own record (type case) carries a reference.
func nodes(c *contract.Catalogue) string {
	var parts []string
	for _, t := range c.Types() {
		if t.Docket == nil {
			continue
		}
		kind, isLiteral := strings.CutPrefix(t.Docket.Kind, "=")
		if isLiteral {
			kind = literal(kind)
		} else {
			kind = text(kind)
		}
		from, number, read := "''", "''", t.DocketColumns()
		if _, ok := t.Field("referred_document_number"); ok {
			from, number = text("referred_from_organ_id"), text("referred_document_number_norm")
			read = append(read, "referred_from_organ_id", "referred_document_number_norm")
		}
		parts = append(parts, fmt.Sprintf("SELECT %s AS docket, %s AS organ, %s AS kind, %s AS number, %s AS from_organ, %s AS from_number FROM %s AS s",
			t.DocketSQL(), text(t.Docket.Organ+"_id"), kind, text(numberColumn(t, t.Docket.Number)), from, number, t.StateOf(read...)))
	}
	return "SELECT docket, any(organ) AS organ, any(kind) AS kind, any(number) AS number, max(from_organ) AS from_organ, max(from_number) AS from_number FROM (\n" +
		strings.Join(parts, "\nUNION ALL\n") + "\n) GROUP BY docket"
}

// issued lists the numbers that organs issued, with the docket they belong to.
func issued(c *contract.Catalogue) string {
	parts := []string{"SELECT organ, number, docket, 'docket_number' AS by FROM (" + nodes(c) + ") AS n"}
	for _, t := range c.Types() {
		for _, f := range t.Fields {
			if f.Issues && t.Docket != nil {
				parts = append(parts, fmt.Sprintf("SELECT %s AS organ, %s AS number, %s AS docket, %s AS by FROM %s AS s",
					text(t.Docket.Organ+"_id"), text(numberColumn(t, f.Name)), t.DocketSQL(), literal(t.Name+"."+f.Name), t.StateOf(append(t.DocketColumns(), numberColumn(t, f.Name))...)))
			}
		}
	}
	return strings.Join(parts, "\nUNION ALL\n")
}

// docketsSQL returns every docket with the one docket it came from, if exactly
// one issued the number it quotes.
func docketsSQL(c *contract.Catalogue) string {
	return fmt.Sprintf(`SELECT n.docket, n.organ, n.kind, n.number,
    if(m.found = 1, m.parent, '') AS parent,
    if(m.found = 1, m.by, '') AS by,
    multiIf(m.found = 1, 'linked', n.from_number = '' AND n.kind IN %[1]s, 'root', 'unlinked') AS state
FROM (%[2]s) AS n
LEFT JOIN
(
    SELECT e.docket AS docket, uniqExact(i.docket) AS found, min(i.docket) AS parent, min(i.by) AS by
    FROM (SELECT docket, from_organ, from_number FROM (%[2]s) AS q WHERE from_organ != '' AND from_number != '') AS e
    INNER JOIN (%[3]s) AS i ON e.from_organ = i.organ AND e.from_number = i.number
    WHERE i.docket != e.docket
    GROUP BY e.docket
) AS m ON m.docket = n.docket
ORDER BY n.docket
SETTINGS join_use_nulls = 0`, origin, nodes(c), issued(c))
}

// entries lists person entries with the pseudonyms of number and name.
func entries(c *contract.Catalogue) string {
	var parts []string
	for _, t := range c.Types() {
		if t.Docket == nil || t.Docket.Person == "" {
			continue
		}
		number, name, read := "''", "''", t.DocketColumns()
		for _, f := range t.Fields {
			switch {
			case f.Kind == contract.KindResidentID:
				number, read = text(f.Name), append(read, f.Name)
			case f.Personal == "name":
				name, read = text(f.Name), append(read, f.Name)
			}
		}
		parts = append(parts, fmt.Sprintf("SELECT %s AS person_entry, %s AS docket, %s AS resident, %s AS name FROM %s AS s",
			t.PersonEntrySQL(), t.DocketSQL(), number, name, t.StateOf(read...)))
	}
	return "SELECT person_entry, any(docket) AS docket, max(resident) AS resident, max(name) AS name FROM (\n" +
		strings.Join(parts, "\nUNION ALL\n") + "\n) GROUP BY person_entry"
}

// personsSQL numbers the persons of each chain. Entries that linkage found to be
// one person are one; so are entries with one resident number, where linkage could
// not read them, and entries with one name that stands at most once in every
// docket of the chain, unless a person decided about them. The smallest entry
// carries the label, twice in turn, so that number and name links meet. A person
// is held as firmly as the least firm of the entries; a name alone is likely.
func personsSQL(c *contract.Catalogue) string {
	return fmt.Sprintf(`INSERT INTO link_person (run_id, generation, person_entry, docket, chain, chain_person, matched_by, band, weakest)
SELECT {run:String}, {generation:UInt32}, person_entry, docket, chain,
    concat(chain, '/', toString(dense_rank() OVER (PARTITION BY chain ORDER BY label))) AS chain_person,
    multiIf(with_number > 1, if(person_id = '', 'resident_id', 'identity'), with_name > 1, 'name', 'own') AS matched_by,
    multiIf(count() OVER (PARTITION BY chain, label) = 1, 0, greatest(max(held) OVER (PARTITION BY chain, label), if(uniqExact(person_id) OVER (PARTITION BY chain, label) > 1 OR person_id = '', 2, 0))) AS band,
    min(held_weakest) OVER (PARTITION BY chain, label) AS weakest
FROM
(
    SELECT *, min(label3) OVER (PARTITION BY chain, name_key) AS label FROM
    (
        SELECT *, min(label2) OVER (PARTITION BY chain, number_key) AS label3 FROM
        (
            SELECT *, min(label1) OVER (PARTITION BY chain, name_key) AS label2, count() OVER (PARTITION BY chain, name_key) AS with_name FROM
            (
                SELECT *, min(person_entry) OVER (PARTITION BY chain, number_key) AS label1, count() OVER (PARTITION BY chain, number_key) AS with_number FROM
                (
                    SELECT p.person_entry AS person_entry, p.docket AS docket, d.chain AS chain, i.person_id AS person_id, toInt8(i.chain_band) AS held, i.chain_weakest AS held_weakest,
                        max(i.person_id) OVER (PARTITION BY d.chain, p.resident) AS of_number,
                        multiIf(i.person_id != '', i.person_id, p.resident = '', concat('|', p.person_entry), of_number != '', of_number, p.resident) AS number_key,
                        if(p.name = '' OR has({decided:Array(String)}, p.person_entry) OR count() OVER (PARTITION BY d.chain, p.name) > uniqExact(p.docket) OVER (PARTITION BY d.chain, p.name),
                            concat('|', p.person_entry), p.name) AS name_key
                    FROM (%s) AS p
                    INNER JOIN (SELECT docket, chain FROM link_docket WHERE run_id = {run:String}) AS d ON d.docket = p.docket
                    LEFT JOIN (SELECT person_entry, person_id, chain_band, chain_weakest FROM link_identity WHERE generation = {generation:UInt32} AND run_id = {run:String}) AS i ON i.person_entry = p.person_entry
                )
            )
        )
    )
)
SETTINGS join_use_nulls = 0`, entries(c))
}

// eventsSQL writes the events of one type with their chain, where keys is not
// empty for the natural keys that it selects; "" for a type without events.
func eventsSQL(t *contract.Type, keys string) string {
	events := t.EventsAtSQL(keys)
	if events == "" {
		return ""
	}
	return fmt.Sprintf(`INSERT INTO case_event (run_id, generation, chain, chain_person, docket, person_entry, organ_id, compartment, event, ordinal, at, precision, tie, attributes, record_type, record_key, revision)
SELECT {run:String}, {generation:UInt32}, d.chain, p.chain_person, e.docket, e.person_entry, e.organ_id, e.compartment,
    e.event, e.ordinal, e.at, e.precision, e.tie, e.attributes, e.record_type, e.record_key, e.revision
FROM (%s) AS e
INNER JOIN (SELECT docket, chain FROM link_docket WHERE run_id = {run:String}) AS d ON d.docket = e.docket
LEFT JOIN (SELECT person_entry, chain_person FROM link_person WHERE run_id = {run:String}) AS p ON p.person_entry = e.person_entry
SETTINGS join_use_nulls = 0`, events)
}
