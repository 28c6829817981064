package api

import (
	"context"
	"testing"
)

// TestBrokenLinks reads what followed the hops, within the scope.
func TestBrokenLinks(t *testing.T) {
	s := filled(t)
	for _, sql := range []string{
		"INSERT INTO link_broken VALUES ('r1', 2, 'transfer', 'p1', 24303, 100, 95, 2, 3.5, 1, 4, 0, 0.055, 0.03, 0.1), ('r1', 2, 'transfer', 'p2', 24303, 50, 50, 0, 0, 0, 0, 0, 0, 0, 0.05), ('r1', 2, 'appeal', 'p1', 24302, 0, 0, 0, 0, 0, 0, 7, NULL, NULL, NULL)",
		"INSERT INTO link_delay VALUES ('r1', 2, 'transfer', 180, 400, 0.02, 2, 9)",
	} {
		if err := s.owner.Exec(context.Background(), sql); err != nil {
			t.Fatal(err)
		}
	}
	var got brokenLinks
	s.signedIn(t, "analyst").get("/api/v1/links/broken", &got)
	if len(got.Hops) != 2 || len(got.Cells) != 2 || got.Hops[0].Hop != "transfer" || got.Hops[0].Expected != 100 || *got.Hops[0].Rate != 0.055 || *got.Hops[0].Low > 0.055 ||
		got.Hops[0].Model.P99 != 9 || got.Hops[1].Rate != nil || got.Hops[1].Model != nil || got.Cells[1].Month != "2025-04" {
		t.Errorf("one province: %+v", got)
	}
	s.signedIn(t, "leader").get("/api/v1/links/broken?hop=transfer&from=2025-04&to=2025-04", &got)
	if len(got.Hops) != 1 || got.Hops[0].Expected != 150 || len(got.Cells) != 2 {
		t.Errorf("the country: %+v", got)
	}
}
