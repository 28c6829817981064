package native

import (
	"context"
	"slices"
	"testing"

	"hengjian/warehouse"
	"hengjian/warehouse/engine/enginetest"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// TestColumnsArriveAsTheyWereSent writes and reads columns, most of whose values are
// defaults, which the engine keeps in a packed form.
func TestColumnsArriveAsTheyWereSent(t *testing.T) {
	s := enginetest.Start(t)
	ctx := context.Background()
	db := s.DB(t, s.Database(t))
	const rows = 5000
	if err := db.Exec(ctx, "CREATE TABLE facts (name String, word LowCardinality(String), day Nullable(Date32), number Int32, pairs Map(LowCardinality(String), String) DEFAULT if(name = '', map(), map('of', name, 'empty', ''))) ENGINE = MergeTree ORDER BY tuple()"); err != nil {
		t.Fatal(err)
	}
	conn, err := Open(ctx, db, "test")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var name FillTexts
	var word FillWords
	day := FillDays{Nullable: true}
	var number FillNumbers[int32]
	for range 2 { // columns are used again
		name.Reset()
		word.Reset()
		day.Reset()
		number.Reset()
		for i := range rows {
			if i%1000 == 7 {
				name.Add("甲'\\乙")
				word.Add("second")
				day.Add(-1)
				number.Add(5)
				continue
			}
			name.Add("")
			word.Add("first")
			day.AddNull()
			number.Add(0)
		}
		if err := conn.Insert(ctx, "facts", []Named{{"name", &name}, {"word", &word}, {"day", &day}, {"number", &number}}); err != nil {
			t.Fatal(err)
		}
	}
	var got string
	if err := db.QueryRow(ctx, "SELECT toString((count(), countIf(day IS NULL), countIf(day = '1969-12-31'), sum(number), countIf(word = 'second'))) FROM facts").Scan(&got); err != nil || got != "(10000,9990,10,50,10)" {
		t.Errorf("stored %s, %v", got, err)
	}
	var names Texts
	var words Words
	var pairs Pairs
	var found []string
	read := func(sql string, params map[string]string) error {
		return conn.Read(ctx, sql, params, []Column{&names, &words, &pairs}, func(n int) error {
			taken, ends := names.Take(), pairs.Ends()
			dictionary, places := words.Take()
			_, of := pairs.Names.Take()
			values := pairs.Values.Take()
			for i := range n {
				if taken.At(i) != "" {
					found = append(found, taken.At(i)+dictionary[places[i]]+values.At(int(ends[i])-2))
				}
			}
			if len(of) != int(ends[n-1]) {
				t.Errorf("%d names for %d pairs", len(of), ends[n-1])
			}
			return nil
		})
	}
	if err := read("SELECT materialize(name), word, pairs FROM facts WHERE {of:String} IN ('', name)", map[string]string{"of": ""}); err != nil {
		t.Fatal(err)
	}
	if len(found) != 10 || !slices.Equal(slices.Compact(found), []string{"甲'\\乙second甲'\\乙"}) {
		t.Errorf("read %q", found)
	}
	found = nil
	if err := read("SELECT materialize(name), word, pairs FROM facts WHERE name = {of:String}", map[string]string{"of": "甲'\\乙"}); err != nil || len(found) != 10 {
		t.Errorf("by a parameter %q, %v", found, err)
	}
}

func TestAWrappedConnectionHasNoAddress(t *testing.T) {
	s := enginetest.Start(t)
	base := s.Database(t)
	if _, err := Open(context.Background(), warehouse.Wrap(s.Conn(t, base), base), "test"); err == nil {
		t.Error("columns were opened without an address")
	}
}
