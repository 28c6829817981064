package auth

import (
	"testing"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

func TestDoorCountsWrongPasswords(t *testing.T) {
	now := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	hash, err := Hash("right")
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDoor(map[string]string{"leader": hash}, Limit{Attempts: 2, Window: time.Minute}, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		account, password, address string
		after                      time.Duration
		want                       warehouse.Code
	}{
		{"leader", "right", "a", 0, ""},
		{"leader", "wrong", "a", 0, warehouse.Unauthenticated},
		{"nobody", "nobody signs in with this", "b", 0, warehouse.Unauthenticated},
		{"leader", "wrong", "a", 0, warehouse.Unauthenticated},
		{"leader", "right", "c", 0, warehouse.TooMany}, // the account is closed
		{"other", "right", "a", 0, warehouse.TooMany},  // the address is closed
		{"leader", "right", "a", 2 * time.Minute, ""},
	}
	for i, s := range steps {
		now = now.Add(s.after)
		err := d.Check(s.account, s.password, s.address)
		if (err == nil) != (s.want == "") || (err != nil && warehouse.CodeOf(err) != s.want) {
			t.Errorf("step %d: %v, want %s", i, err, s.want)
		}
	}
	if _, err := NewDoor(map[string]string{"leader": "plain"}, DefaultLimit(), time.Now); warehouse.CodeOf(err) != warehouse.Invalid {
		t.Errorf("a plain password as hash: %v", err)
	}
}

func TestNothingIsGrantedByDefault(t *testing.T) {
	for _, role := range []string{"", "admin", Leadership, Steward} {
		if Allowed(role, "dropEverything") || Allowed("", "getSession") {
			t.Errorf("%q is granted what no table names", role)
		}
	}
	if Allowed(Steward, "runQuery") || Allowed(Disclosure, "getChain") || !Allowed(Analyst, "runQuery") {
		t.Error("roles are not kept apart")
	}
	if len(Operations("nobody")) != 0 || len(Operations(Analyst)) == 0 || len(Granted()) < 20 {
		t.Error("operations of roles are wrong")
	}
}

func TestDevelopmentAccountsHaveDifferentScopes(t *testing.T) {
	r := access.NewRegister([]access.Organ{
		{ID: "o1", Code: "100000", System: "procuratorate", Level: "national", Order: 1},
		{ID: "o2", Code: "330000", System: "procuratorate", Level: "provincial", Order: 2, LedBy: "100000"},
		{ID: "o3", Code: "330100", System: "procuratorate", Level: "prefectural", Order: 3, LedBy: "330000"},
		{ID: "o4", Code: "A330100", System: "police", Level: "prefectural", Order: 4, SupervisedBy: "330100"},
	})
	digests := map[string]string{}
	for _, a := range DevelopmentAccounts(r) {
		s := r.ScopeOf(a)
		digests[s.Digest()] = a.Name
		if len(s.Organs()) == 0 {
			t.Errorf("%s sees nothing", a.Name)
		}
	}
	if len(digests) != 4 {
		t.Errorf("scopes are not different: %v", digests)
	}
	for _, a := range DevelopmentAccounts(access.NewRegister(nil)) {
		if len(a.Organs) != 0 {
			t.Errorf("%s sees something in an empty register", a.Name)
		}
	}
}
