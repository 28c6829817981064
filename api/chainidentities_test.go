package api

import "testing"

func TestChainNamesItsPersonEntries(t *testing.T) {
	s := linked(t)
	for _, account := range []string{"leader", "analyst"} {
		var c chain
		s.signedIn(t, account).get("/api/v1/chains/c-00000000000000a1", &c)
		if len(c.Identities) != 1 {
			t.Fatalf("%s sees the entries %+v", account, c.Identities)
		}
		i := c.Identities[0]
		if i.Person != "1" || i.Entry != entryName("p1", "1") || i.Organ.ID != "p1" || i.Docket.Number != "1" || i.Band != "doubtful" || i.Weakest == nil || *i.Weakest != 5.5 || !i.Check {
			t.Errorf("%s sees %+v", account, i)
		}
	}
	if name := s.eventName("coercive_measure", "arrest.decided"); name.ZH == "arrest.decided" || name.EN == "arrest.decided" {
		t.Errorf("an event without a word of its own is named %v", name)
	}
}
