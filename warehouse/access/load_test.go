package access

import (
	"testing"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestLoadRegisterTakesTheNewestOrgansInForce(t *testing.T) {
	s := enginetest.Start(t)
	base := s.Database(t)
	db := warehouse.Wrap(s.Conn(t, base), base)
	ctx := t.Context()
	c, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	if err := migrations.Apply(ctx, db); err != nil {
		t.Fatal(err)
	}
	if err := contract.Reconcile(ctx, db, c); err != nil {
		t.Fatal(err)
	}
	if r, err := LoadRegister(ctx, db); err != nil || len(r.All()) != 0 {
		t.Fatalf("empty register: %v", err)
	}
	if err := db.Exec(ctx, `INSERT INTO organ (key, revision, version, retracted, organ_id, code, name, system, level, kind, region, admin_order, valid_from, valid_to, led_by, supervised_by) VALUES
('a', 1, 1, 0, 'a', '330000', '省院', 'procuratorate', 'provincial', 'regular', '330000', 2, '1951-01-01', NULL, NULL, NULL),
('b', 1, 1, 0, 'b', '330100', '旧名', 'procuratorate', 'prefectural', 'regular', '330100', 1, '1951-01-01', NULL, NULL, NULL),
('p', 1, 1, 0, 'p', 'P1', '公安局', 'police', 'prefectural', 'regular', '330100', 3, '1951-01-01', '2020-01-01', NULL, '330100'),
('x', 1, 1, 0, 'x', 'X', '撤回', 'court', 'county', 'regular', '330100', 4, '1951-01-01', NULL, NULL, NULL)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Exec(ctx, `INSERT INTO organ (key, revision, version, retracted, organ_id, code, name, system, level, kind, region, admin_order, valid_from, led_by) VALUES
('b', 2, 2, 0, 'b', '330100', '市院', 'procuratorate', 'prefectural', 'regular', '330100', 1, '1951-01-01', '330000'),
('x', 2, 2, 1, 'x', '', '', '', '', '', '', 0, '1951-01-01', NULL)`); err != nil {
		t.Fatal(err)
	}
	r, err := LoadRegister(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	if all := r.All(); len(all) != 3 || all[0].ID != "b" || all[1].ID != "a" || all[2].ID != "p" {
		t.Fatalf("organs %+v", all)
	}
	b, _ := r.ByCode("330100")
	if b.Name != "市院" || b.LedBy != "a" || b.ValidFrom.Format("2006-01-02") != "1951-01-01" || !b.ValidTo.IsZero() {
		t.Errorf("市院: %+v", b)
	}
	p, _ := r.ByID("p")
	if p.SupervisedBy != "b" || p.ValidTo.Format("2006-01-02") != "2020-01-01" || p.System != "police" {
		t.Errorf("公安局: %+v", p)
	}
}
