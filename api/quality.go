package api

import (
	"context"
	"fmt"
	"time"

	"github.com/gin-gonic/gin"

	"hengjian/warehouse"
)

func (s *Server) qualityRoutes(r gin.IRouter) {
	read(s, r, "/ingest/verifications", "listVerifications", s.listVerifications)
	read(s, r, "/ingest/sequence-gaps", "listSequenceGaps", s.listSequenceGaps)
	read(s, r, "/data-quality", "listQualityChecks", s.listQualityChecks)
}

// verificationView is one reading of the verifier (自证).
type verificationView struct {
	ID       string             `json:"id"`
	Started  string             `json:"started"`
	Finished string             `json:"finished"`
	Types    uint32             `json:"types"`
	Streams  uint64             `json:"streams"`
	Rows     uint64             `json:"rows"`
	Faults   uint64             `json:"faults"`
	Sorts    []verificationSort `json:"sorts"`
}

// verificationSort counts the faults of one sort; it names no case.
type verificationSort struct {
	Fault      string        `json:"fault"`
	RecordType recordTypeRef `json:"record_type"`
	Total      uint64        `json:"total"`
	Stream     string        `json:"stream"`
	Offset     uint64        `json:"offset"`
	Detail     string        `json:"detail"`
}

// listVerifications answers the newest thirty readings; counts and places only.
func (s *Server) listVerifications(ctx context.Context, _ caller, _ none) (answer[[]verificationView], error) {
	a := answer[[]verificationView]{data: []verificationView{}}
	rows, err := s.deps.Service.Query(ctx, "SELECT verification_id, started, finished, types, streams, rows, faults FROM verification ORDER BY started DESC, verification_id DESC LIMIT 30")
	if err != nil {
		return a, fmt.Errorf("read the verifications: %w", err)
	}
	defer rows.Close()
	at := map[string]int{}
	for rows.Next() {
		v := verificationView{Sorts: []verificationSort{}}
		var started, finished time.Time
		if err := rows.Scan(&v.ID, &started, &finished, &v.Types, &v.Streams, &v.Rows, &v.Faults); err != nil {
			return a, fmt.Errorf("read the verifications: %w", err)
		}
		v.Started, v.Finished = instant(started), instant(finished)
		at[v.ID] = len(a.data)
		a.data = append(a.data, v)
	}
	if err := rows.Err(); err != nil {
		return a, fmt.Errorf("read the verifications: %w", err)
	}
	faults, err := s.deps.Service.Query(ctx, `SELECT verification_id, toString(fault), toString(record_type), total, toString(stream), offset, detail FROM verification_fault
WHERE verification_id IN (SELECT verification_id FROM verification ORDER BY started DESC LIMIT 30) ORDER BY verification_id, fault, record_type, stream, offset LIMIT 1 BY verification_id, fault, record_type`)
	if err != nil {
		return a, fmt.Errorf("read the faults: %w", err)
	}
	defer faults.Close()
	for faults.Next() {
		var id, name string
		var f verificationSort
		if err := faults.Scan(&id, &f.Fault, &name, &f.Total, &f.Stream, &f.Offset, &f.Detail); err != nil {
			return a, fmt.Errorf("read the faults: %w", err)
		}
		f.RecordType = s.recordType(name)
		if i, ok := at[id]; ok {
			a.data[i].Sorts = append(a.data[i].Sorts, f)
		}
	}
	return a, faults.Err()
}

// senders are the codes of the organs in the caller's scope.
func senders(who caller) []string { return codesOf(who, who.Organs()) }

// codesOf are the codes under which organs send.
func codesOf(who caller, organs []string) []string {
	var out []string
	for _, id := range organs {
		if o, ok := who.state.register.ByID(id); ok {
			out = append(out, o.Code)
		}
	}
	return out
}

// sequenceGap is a range missing in the numbers of one sender.
type sequenceGap struct {
	RecordType recordTypeRef `json:"record_type"`
	Sender     string        `json:"sender"`
	Organ      *organRef     `json:"organ"`
	First      uint64        `json:"first"`
	Last       uint64        `json:"last"`
	At         string        `json:"at"`
}

// listSequenceGaps answers what the newest look found of the senders in scope.
func (s *Server) listSequenceGaps(ctx context.Context, who caller, _ none) (answer[[]sequenceGap], error) {
	a := answer[[]sequenceGap]{data: []sequenceGap{}}
	rows, err := s.deps.Service.Query(ctx, `SELECT toString(record_type), toString(sender), first, last, at FROM sequence_gap
WHERE check_id = (SELECT max(check_id) FROM quality_check) AND sender IN {senders:Array(String)} ORDER BY record_type, sender, first LIMIT 1000`, warehouse.Param("senders", warehouse.Array(senders(who))))
	if err != nil {
		return a, fmt.Errorf("read the gaps of the senders: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var g sequenceGap
		var name string
		var at time.Time
		if err := rows.Scan(&name, &g.Sender, &g.First, &g.Last, &at); err != nil {
			return a, fmt.Errorf("read the gaps of the senders: %w", err)
		}
		g.RecordType, g.At = s.recordType(name), instant(at)
		if o, ok := who.state.register.ByCode(g.Sender); ok {
			g.Organ = who.state.refOrNil(o.ID)
		}
		a.data = append(a.data, g)
	}
	return a, rows.Err()
}

// qualityView is one raw-data check: a summary over all senders (sender ""), or
// one breach.
type qualityView struct {
	RecordType recordTypeRef `json:"record_type"`
	Check      string        `json:"check"`
	CheckText  Text          `json:"check_text"`
	Field      string        `json:"field"`
	FieldName  Text          `json:"field_name"`
	Sender     string        `json:"sender"`
	Organ      *organRef     `json:"organ"`
	Month      *string       `json:"month"`
	Bad        uint64        `json:"bad"`
	Total      uint64        `json:"total"`
	Value      float64       `json:"value"`
	Expected   float64       `json:"expected"`
	State      string        `json:"state"`
	Reason     Text          `json:"reason"`
	At         string        `json:"at"`
}

// checkText says in words what a check looks at.
func checkText(kind string) Text {
	switch kind {
	case "distinct_keys":
		return Text{"自然主键不重复", "Natural keys are distinct"}
	case "known_values":
		return Text{"取值在代码表内", "Values are known"}
	case "non_null":
		return Text{"字段已填写", "Fields are filled"}
	case "readable_dates":
		return Text{"日期可解析", "Dates are readable"}
	case "stable_rows":
		return Text{"条数与往期相当", "Numbers of rows are stable"}
	}
	return Text{kind, kind}
}

// listQualityChecks answers the newest look: every summary, and the breaches of
// the senders in scope.
func (s *Server) listQualityChecks(ctx context.Context, who caller, _ none) (answer[[]qualityView], error) {
	a := answer[[]qualityView]{data: []qualityView{}}
	rows, err := s.deps.Service.Query(ctx, `SELECT toString(record_type), toString(kind), toString(field), toString(sender), month, bad, total, value, expected, toString(state), reason_zh, reason_en, at FROM quality_check
WHERE check_id = (SELECT max(check_id) FROM quality_check) AND (sender = '' OR sender IN {senders:Array(String)}) ORDER BY record_type, kind, field, sender, month LIMIT 2000`, warehouse.Param("senders", warehouse.Array(senders(who))))
	if err != nil {
		return a, fmt.Errorf("read the checks of the data: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var v qualityView
		var name string
		var month, at time.Time
		if err := rows.Scan(&name, &v.Check, &v.Field, &v.Sender, &month, &v.Bad, &v.Total, &v.Value, &v.Expected, &v.State, &v.Reason.ZH, &v.Reason.EN, &at); err != nil {
			return a, fmt.Errorf("read the checks of the data: %w", err)
		}
		v.RecordType, v.CheckText, v.At, v.FieldName = s.recordType(name), checkText(v.Check), instant(at), s.fieldName(name, v.Field)
		if v.Sender != "" {
			v.Month = day(&month)
		}
		if o, ok := who.state.register.ByCode(v.Sender); ok {
			v.Organ = who.state.refOrNil(o.ID)
		}
		a.data = append(a.data, v)
	}
	return a, rows.Err()
}
