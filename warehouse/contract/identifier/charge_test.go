package identifier_test

import (
	"slices"
	"testing"
	"time"

	"hengjian/warehouse/contract"
	"hengjian/warehouse/contract/identifier"
)

func TestChargesFollowTheLaw(t *testing.T) {
	charges, err := identifier.LoadCharges()
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	known := func(list, code string) bool {
		l, _ := catalogue.Codes(list)
		return slices.ContainsFunc(l.Values, func(v contract.Value) bool { return v.Code == code })
	}
	first, now := 0, 0
	for _, c := range charges.All() {
		if !known("charge_section", c.Section) || !known("charge_group", c.Group) {
			t.Errorf("%s is in section %s, group %s, which the code lists do not have", c.Name, c.Section, c.Group)
		}
		if c.ValidFrom.Equal(date(1997, 10, 1)) {
			first++
		}
		if c.In(date(2026, 11, 1)) {
			now++
		}
	}
	// 414 charges stand in the opinion of 1997; 483 are in force since the seventh
	// supplement (the eighth renames one).
	if first != 414 || now != 483 {
		t.Errorf("%d charges of 1997 and %d in force, want 414 and 483", first, now)
	}
}

func TestChargeOnADay(t *testing.T) {
	charges, err := identifier.LoadCharges()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		on      time.Time
		ok      bool
		article string
	}{
		{"投毒罪", date(2002, 3, 25), true, "第114条"},
		{"投毒罪", date(2002, 3, 26), false, ""},
		{"投放危险物质罪", date(2002, 3, 26), true, "第114条"},
		{"危险驾驶", date(2011, 5, 1), true, "第133条之一"},
		{"危险驾驶罪", date(2011, 4, 30), false, ""},
		{"嫖宿幼女罪", time.Time{}, true, "第360条"},
		{"嫖宿幼女罪", date(2015, 11, 1), false, ""},
		{"袭警罪", date(2021, 3, 1), true, "第277条"},
		{"徇私舞弊低价折股、出售公司、企业资产罪", date(2024, 3, 1), true, "第169条"},
		{"不存在的罪", time.Time{}, false, ""},
	} {
		got, ok := charges.Lookup(c.name, c.on)
		if ok != c.ok || got.Article != c.article {
			t.Errorf("%s on %s: %v %+v", c.name, c.on.Format(time.DateOnly), ok, got)
		}
	}
}

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
