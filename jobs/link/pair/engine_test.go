package pair

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/record"
	"hengjian/warehouse"
	"hengjian/warehouse/engine/enginetest"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// twins are the SQL of the conditions and key parts, written apart from the Go
// that they are held against; a and b are two rows of table feature.
var twins = map[string]string{
	"name_equal": "a.sense = b.sense", "name_class": "a.class = b.class", "name_sound": "a.sound = b.sound", "surname_equal": "a.surname = b.surname",
	"name_parts": "a.parts != 0 AND a.parts = b.parts",
	"name_edit1": `greatest(lengthUTF8(a.text), lengthUTF8(b.text)) >= 3 AND (editDistanceUTF8(a.text, b.text) <= 1 OR arrayExists(i -> concat(substringUTF8(a.text, 1, i - 1),
		substringUTF8(a.text, i + 1, 1), substringUTF8(a.text, i, 1), substringUTF8(a.text, i + 2)) = b.text, range(1, lengthUTF8(a.text))))`,
	"name_near_sound": "jaroWinklerSimilarity(a.pinyin, b.pinyin) >= 0.92",

	"id_equal":         "a.id = b.id",
	"id_edit1_invalid": "NOT (a.valid AND b.valid) AND damerauLevenshteinDistance(a.id, b.id) <= 1",
	"id_edit1_valid":   "a.valid AND b.valid AND damerauLevenshteinDistance(a.id, b.id) <= 1",
	"id_edit2_invalid": "NOT (a.valid AND b.valid) AND damerauLevenshteinDistance(a.id, b.id) <= 2",
	"id_parts_invalid": "NOT (a.valid AND b.valid) AND length(a.id) = 18 AND length(b.id) = 18 AND (substring(a.id, 1, 6) = substring(b.id, 1, 6)) + (substring(a.id, 7, 8) = substring(b.id, 7, 8)) + (substring(a.id, 15, 3) = substring(b.id, 15, 3)) >= 2",
	"id_parts_valid":   "a.valid AND b.valid AND (substring(a.id, 1, 6) = substring(b.id, 1, 6)) + (substring(a.id, 7, 8) = substring(b.id, 7, 8)) + (substring(a.id, 15, 3) = substring(b.id, 15, 3)) >= 2",
	"id_birth":         "length(a.id) = 18 AND length(b.id) = 18 AND substring(a.id, 7, 8) = substring(b.id, 7, 8)",

	"birth_equal": "a.birth % 100 != 0 AND a.birth = b.birth",
	"birth_slip": `a.birth % 100 != 0 AND b.birth % 100 != 0 AND (intDiv(a.birth, 10000) = intDiv(b.birth, 10000) AND intDiv(a.birth, 100) % 100 = b.birth % 100 AND a.birth % 100 = intDiv(b.birth, 100) % 100
		OR length(arrayFilter(i -> substring(toString(a.birth), i, 1) != substring(toString(b.birth), i, 1), range(1, 9))) <= 1
		OR arrayExists(i -> concat(substring(toString(a.birth), 1, i - 1), substring(toString(a.birth), i + 1, 1), substring(toString(a.birth), i, 1), substring(toString(a.birth), i + 2)) = toString(b.birth), range(1, 8)))`,
	"birth_coarse":     "intDiv(a.birth, 10000) = intDiv(b.birth, 10000) AND (a.birth % 100 = 0 OR b.birth % 100 = 0 OR a.birth % 10000 IN (101, 701) OR b.birth % 10000 IN (101, 701))",
	"birth_other_year": "a.birth % 100 != 0 AND b.birth % 100 != 0 AND a.birth % 10000 = b.birth % 10000 AND abs(intDiv(a.birth, 10000) - intDiv(b.birth, 10000)) IN (1, 10)",
	"birth_near":       "a.birth % 100 != 0 AND b.birth % 100 != 0 AND abs(dateDiff('day', makeDate32(intDiv(a.birth, 10000), intDiv(a.birth, 100) % 100, a.birth % 100), makeDate32(intDiv(b.birth, 10000), intDiv(b.birth, 100) % 100, b.birth % 100))) <= 50",
	"birth_year":       "intDiv(a.birth, 10000) = intDiv(b.birth, 10000)",
	"birth_near_year":  "abs(intDiv(a.birth, 10000) - intDiv(b.birth, 10000)) <= 1",

	"sex_equal": "a.sex = b.sex", "region_county": "a.region = b.region AND a.region % 100 != 0",
	"region_city":     "intDiv(a.region, 100) = intDiv(b.region, 100) AND intDiv(a.region, 100) % 100 != 0",
	"region_province": "intDiv(a.region, 10000) = intDiv(b.region, 10000)",
	"phone_equal":     "a.phone = b.phone", "address_equal": "a.address = b.address", "street_equal": "a.street = b.street",
	"ethnic_minority": "a.ethnic = b.ethnic AND a.ethnic != 1", "ethnic_equal": "a.ethnic = b.ethnic",
	"docket_equal": "a.docket = b.docket", "docket_cites": "a.cites = b.docket OR b.cites = a.docket", "chain_equal": "a.chain != 0 AND a.chain = b.chain",
}

var given = map[string]string{
	"name": "a.sense != 0 AND b.sense != 0", "id": "a.id != '' AND b.id != ''", "birth": "a.birth != 0 AND b.birth != 0", "sex": "a.sex != 0 AND b.sex != 0",
	"region": "a.region != 0 AND b.region != 0", "phone": "a.phone != 0 AND b.phone != 0", "address": "a.address != 0 AND b.address != 0",
	"ethnic": "a.ethnic != 0 AND b.ethnic != 0", "docket": "a.docket != 0 AND b.docket != 0",
}

// keys are the SQL of key parts: an expression, and when it is there.
var keys = map[string][2]string{
	"id": {"id", "id != ''"}, "id_tail": {"substring(id, 7, 11)", "length(id) = 18"}, "id_ends": {"concat(substring(id, 1, 6), substring(id, 15, 4))", "length(id) = 18"},
	"name": {"sense", "sense != 0"}, "sound": {"sound", "sound != 0"}, "surname": {"surname", "surname != 0"}, "birth": {"birth", "birth % 100 != 0"},
	"birth_year": {"intDiv(birth, 10000)", "birth != 0"}, "city": {"intDiv(region, 100)", "intDiv(region, 100) % 100 != 0"}, "county": {"region", "region % 100 != 0"},
	"phone": {"phone", "phone != 0"}, "address": {"address", "address != 0"}, "chain": {"chain", "chain != 0"},
}

// TestTheEngineFindsTheSamePairsAndPatterns holds blocking and comparison against
// a second implementation in SQL on the ClickHouse engine.
func TestTheEngineFindsTheSamePairsAndPatterns(t *testing.T) {
	tb, plan := population(t, 6000, 21), standard(t)
	want, _, err := Find(context.Background(), DefaultConfig(), plan, tb)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(want, byPlace)
	s := enginetest.Start(t)
	base := s.Database(t)
	db := warehouse.Wrap(s.Conn(t, base), base)
	fill(t, db, tb)
	var sources []string
	for _, r := range plan.Blocking {
		var parts, there []string
		for _, p := range r.Parts {
			k, ok := keys[p]
			if !ok {
				t.Fatalf("key part %s has no SQL twin", p)
			}
			parts, there = append(parts, fmt.Sprintf("toString(%s)", k[0])), append(there, k[1])
		}
		sources = append(sources, fmt.Sprintf("SELECT groupArray(row) AS g FROM (SELECT row, (%s) AS key FROM feature WHERE %s ORDER BY row) GROUP BY key HAVING length(g) > 1",
			strings.Join(parts, ", "), strings.Join(there, " AND ")))
	}
	sql := fmt.Sprintf(`SELECT a.row, b.row, toUInt32(%s) FROM (SELECT DISTINCT p.1 AS x, p.2 AS y FROM (SELECT arrayJoin(arrayFlatten(arrayMap((v, i) -> arrayMap(w -> (least(v, w), greatest(v, w)), arraySlice(g, i + 1)), g, arrayEnumerate(g)))) AS p FROM (%s))) AS q
INNER JOIN feature AS a ON a.row = q.x INNER JOIN feature AS b ON b.row = q.y ORDER BY 1, 2`, patternSQL(t, plan), strings.Join(sources, " UNION ALL "))
	rows, err := db.Query(context.Background(), sql)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []Pair
	for rows.Next() {
		var p Pair
		var x uint32
		if err := rows.Scan(&p.A, &p.B, &x); err != nil {
			t.Fatal(err)
		}
		p.Pattern = level.Pattern(x)
		got = append(got, p)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) || len(want) < 10_000 {
		t.Fatalf("the engine finds %d pairs, Go %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			report(t, plan, tb, want[i], got[i])
		}
	}
}

// text is the identity number of a row.
func text(tb *record.Table, r *record.Row) string {
	n := &tb.Numbers[r.Number]
	return string(n.Text[:n.Len])
}

// report names the comparison in which a pair differs.
func report(t *testing.T, plan *level.Plan, tb *record.Table, want, got Pair) {
	t.Helper()
	for k, c := range plan.Comparisons {
		if x, y := plan.Of(want.Pattern, k), plan.Of(got.Pattern, k); x != y || want.A != got.A || want.B != got.B {
			a, b := tb.Rows[want.A], tb.Rows[want.B]
			t.Fatalf("%s of %d %d: Go level %d, engine (%d %d) level %d; %s %s %d %d %s %s", c.ID, want.A, want.B, x, got.A, got.B, y,
				tb.Names[a.Name].Text, tb.Names[b.Name].Text, a.Birth, b.Birth, text(tb, &a), text(tb, &b))
		}
	}
}

func patternSQL(t *testing.T, plan *level.Plan) string {
	t.Helper()
	var sum []string
	for i, c := range plan.Comparisons {
		var cases []string
		for k, l := range c.Levels[:len(c.Levels)-1] {
			sql, ok := twins[l.When]
			if !ok {
				t.Fatalf("condition %s has no SQL twin", l.When)
			}
			cases = append(cases, fmt.Sprintf("%s, %d", sql, k+1))
		}
		shift, _ := plan.Bits(i)
		sum = append(sum, fmt.Sprintf("bitShiftLeft(toUInt32(multiIf(NOT (%s), 0, %s, %d)), %d)", given[c.Value], strings.Join(cases, ", "), len(c.Levels), shift))
	}
	return strings.Join(sum, " + ")
}

// fill writes the normalised rows into table feature.
func fill(t *testing.T, db *warehouse.DB, tb *record.Table) {
	t.Helper()
	ctx := context.Background()
	if err := db.Exec(ctx, `CREATE TABLE feature (row UInt32, id String, valid UInt8, sense UInt32, text String, class UInt32, sound UInt32, pinyin String, parts UInt32, surname UInt32,
	birth Int32, sex UInt8, region UInt32, phone UInt32, address UInt32, street UInt32, ethnic UInt8, docket UInt32, chain UInt32, cites UInt32) ENGINE = MergeTree ORDER BY row`); err != nil {
		t.Fatal(err)
	}
	batch, err := db.PrepareBatch(ctx, "INSERT INTO feature")
	if err != nil {
		t.Fatal(err)
	}
	for i := range tb.Rows {
		r := &tb.Rows[i]
		n := &tb.Names[r.Name]
		valid := uint8(0)
		if r.Valid {
			valid = 1
		}
		if err := batch.Append(uint32(i), text(tb, r), valid, n.Sense, n.Text, n.Class, n.Sound, n.Pinyin, n.Parts, n.Surname, int32(r.Birth), r.Sex,
			r.Region, r.Phone, r.Address, r.Street, r.Ethnic, r.Docket, r.Chain, r.Cites); err != nil {
			t.Fatal(err)
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatal(err)
	}
}
