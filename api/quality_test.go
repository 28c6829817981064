package api

import "testing"

func TestQualityShowsTheSendersInScope(t *testing.T) {
	s := filled(t)
	var proofs []verificationView
	s.signedIn(t, "leader").get("/api/v1/ingest/verifications", &proofs)
	if len(proofs) != 1 || proofs[0].Faults != 3 || len(proofs[0].Sorts) != 1 || proofs[0].Sorts[0].Fault != "gap" || proofs[0].Sorts[0].Offset != 7 {
		t.Errorf("verifications: %+v", proofs)
	}
	for account, want := range map[string]int{"leader": 2, "analyst": 1} {
		var gaps []sequenceGap
		s.signedIn(t, account).get("/api/v1/ingest/sequence-gaps", &gaps)
		if len(gaps) != want || gaps[0].Organ == nil || gaps[0].First != 6 || gaps[0].Last != 8 {
			t.Errorf("%s sees the gaps %+v", account, gaps)
		}
		var checks []qualityView
		s.signedIn(t, account).get("/api/v1/data-quality", &checks)
		if len(checks) != want+1 || checks[0].Sender != "" || checks[0].State != "breached" || checks[0].FieldName.ZH != "罪名" || checks[0].Month != nil {
			t.Errorf("%s sees the checks %+v", account, checks)
		}
		if want == 2 && (len(checks) != 3 || checks[2].State != "exempt" || checks[2].Reason.ZH != "系统切换" || *checks[2].Month != "2025-06-01") {
			t.Errorf("the exemption: %+v", checks)
		}
	}
}
