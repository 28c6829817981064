package api

import "testing"

func TestSendersSayWhatIsMissingAndWhomToAsk(t *testing.T) {
	s := filled(t)
	leader, analyst := s.signedIn(t, "leader"), s.signedIn(t, "analyst")
	var all arrivals
	leader.get("/api/v1/ingest/senders", &all)
	if all.Total != 2 || all.Troubled != 2 || all.Read != 3 || all.Refused != 2 || all.Missing != 4 || all.Breached != 1 || all.Exempt != 1 || all.Looked == nil {
		t.Errorf("the totals: %+v", all)
	}
	if len(all.Senders) != 2 || all.Senders[0].Sender != "A110000" || all.Senders[0].Missing != 3 || all.Senders[0].Parts[0].Reasons[0].Field != "opened_on" {
		t.Errorf("administrative order, with what to ask for: %+v", all.Senders)
	}
	if len(all.Refusals) != 1 || all.Refusals[0].Count != 2 || all.Refusals[0].Senders != 2 || all.Refusals[0].Remedy.ZH == "" || all.Refusals[0].FieldName.ZH == "opened_on" {
		t.Errorf("reasons with their remedy: %+v", all.Refusals)
	}
	var one, cut arrivals
	analyst.get("/api/v1/ingest/senders", &one)
	if one.Total != 1 || one.Senders[0].Sender != "A110000" || one.Exempt != 0 {
		t.Errorf("an analyst of one province sees %+v", one)
	}
	leader.get("/api/v1/ingest/senders?organ=p2&troubled=true&limit=1", &cut)
	if cut.Total != 1 || cut.Senders[0].Sender != "A130000" || cut.Refused != 1 {
		t.Errorf("what one organ answers for: %+v", cut)
	}
	analyst.get("/api/v1/ingest/senders?organ=p2", &cut)
	if cut.Total != 0 {
		t.Errorf("an organ outside the scope shows %+v", cut)
	}
}

func TestLooksAndReceiptsCountWithinTheScope(t *testing.T) {
	s := filled(t)
	for account, want := range map[string]lookCount{"leader": {Breached: 1, Exempt: 1}, "analyst": {Breached: 1}} {
		var looks []qualityLook
		s.signedIn(t, account).get("/api/v1/data-quality/looks", &looks)
		if len(looks) != 2 || looks[0].Checks[0].Check != "non_null" || looks[0].Checks[0].Breached != want.Breached || looks[0].Checks[0].Exempt != want.Exempt || looks[1].Ranges != 0 {
			t.Errorf("%s sees the looks %+v", account, looks)
		}
		if missing := looks[0].Missing; missing != map[string]uint64{"leader": 4, "analyst": 3}[account] {
			t.Errorf("%s sees %d missing numbers", account, missing)
		}
	}
	var receipts []receiptView
	s.signedIn(t, "leader").get("/api/v1/ingest/receipts", &receipts)
	if len(receipts) != 1 || receipts[0].Answered != 2 || receipts[0].Loaded != 4 {
		t.Errorf("the receipts: %+v", receipts)
	}
}
