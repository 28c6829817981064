package clock

import "testing"

// loaded are the embedded rules.
func loaded(t *testing.T) *Rules {
	t.Helper()
	rules, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

func TestEveryExample(t *testing.T) {
	rules := loaded(t)
	if len(rules.All()) != 5 {
		t.Errorf("%d rules, want the five of the design", len(rules.All()))
	}
	for _, r := range rules.All() {
		for i := range r.examples {
			t.Run(r.ID+"/"+r.examples[i].Name, func(t *testing.T) {
				if wrong := r.examples[i].run(r, rules.calendar); wrong != "" {
					t.Error(wrong)
				}
			})
		}
	}
}
