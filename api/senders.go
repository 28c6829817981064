package api

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hengjian/warehouse"
)

func (s *Server) senderRoutes(r gin.IRouter) {
	read(s, r, "/ingest/senders", "listSenders", s.listSenders)
	read(s, r, "/ingest/receipts", "listReceipts", s.listReceipts)
	read(s, r, "/data-quality/looks", "listQualityLooks", s.listQualityLooks)
}

// senderQuery narrows to what an organ answers for, and to senders of whom
// something is missing.
type senderQuery struct {
	Organ    string `form:"organ" binding:"max=64"`
	Troubled bool   `form:"troubled"`
	Limit    int    `form:"limit" binding:"omitempty,min=1,max=1000"`
}

// arrivals are what came from each sender, and what was refused by reason. The
// totals and reasons are of all senders of the question, the list is cut at the
// limit.
type arrivals struct {
	Total    int          `json:"total"`    // senders that sent anything
	Troubled int          `json:"troubled"` // of them, with something missing, refused or out of the usual
	Read     uint64       `json:"read"`
	Refused  uint64       `json:"refused"`
	Missing  uint64       `json:"missing"`
	Breached uint64       `json:"breached"`
	Exempt   uint64       `json:"exempt"`
	Looked   *string      `json:"looked"` // when numbers and checks were looked at last
	Senders  []senderView `json:"senders"`
	Refusals []refusal    `json:"refusals"`
}

// sent counts what came; missing are numbers that the sender gave and that never
// arrived, breached are raw-data checks.
type sent struct {
	Read     uint64 `json:"read"`
	Refused  uint64 `json:"refused"`
	Missing  uint64 `json:"missing"`
	Breached uint64 `json:"breached"`
	Exempt   uint64 `json:"exempt"`
	Last     string `json:"last"`
}

type senderView struct {
	Sender string       `json:"sender"`
	Organ  organRef     `json:"organ"`
	Parts  []senderPart `json:"parts"`
	sent
}

type senderPart struct {
	RecordType recordTypeRef  `json:"record_type"`
	Reasons    []senderReason `json:"reasons"`
	sent
}

type senderReason struct {
	Reason string `json:"reason"`
	Field  string `json:"field"`
	Count  uint64 `json:"count"`
}

// refusal is one reason of refusal with the sender's remedy.
type refusal struct {
	RecordType recordTypeRef `json:"record_type"`
	Reason     string        `json:"reason"`
	ReasonText Text          `json:"reason_text"`
	Remedy     Text          `json:"remedy"`
	Field      string        `json:"field"`
	FieldName  Text          `json:"field_name"`
	Count      uint64        `json:"count"`
	Senders    int           `json:"senders"`
}

// add counts b into a; the later arrival stays.
func (a *sent) add(b sent) {
	a.Read, a.Refused, a.Missing, a.Breached, a.Exempt, a.Last = a.Read+b.Read, a.Refused+b.Refused, a.Missing+b.Missing, a.Breached+b.Breached, a.Exempt+b.Exempt, max(a.Last, b.Last)
}

func (a *sent) troubled() bool { return a.Refused+a.Missing+a.Breached > 0 }

// gathering collects parts by sender and record type.
type gathering map[[2]string]*senderPart

func (g gathering) part(sender, recordType string) *senderPart {
	key := [2]string{sender, recordType}
	if g[key] == nil {
		g[key] = &senderPart{Reasons: []senderReason{}}
	}
	return g[key]
}

// listSenders answers counts alone, of senders in scope, in administrative
// order; no record and no value.
func (s *Server) listSenders(ctx context.Context, who caller, q senderQuery) (answer[arrivals], error) {
	a := answer[arrivals]{data: arrivals{Senders: []senderView{}, Refusals: []refusal{}}}
	organs := who.Organs()
	if q.Organ != "" {
		asked := who.state.register.Closure(q.Organ)
		organs = slices.DeleteFunc(organs, func(id string) bool { return !slices.Contains(asked, id) })
	}
	codes := codesOf(who, organs)
	if len(codes) == 0 {
		return a, nil
	}
	g := gathering{}
	if err := s.gatherLogs(ctx, codes, g); err != nil {
		return a, err
	}
	looked, err := s.gatherLooks(ctx, codes, g)
	if err != nil {
		return a, err
	}
	a.data.Looked = looked
	s.arrange(who, codes, q, g, &a.data)
	return a, nil
}

// gatherLogs counts what each sender sent by type and reason of refusal.
func (s *Server) gatherLogs(ctx context.Context, codes []string, g gathering) error {
	var parts []string
	for _, t := range s.deps.Contracts.Types() {
		parts = append(parts, "SELECT '"+t.Name+"' AS record_type, toString(sender) AS code, if(status = 'refused', toString(reason), '') AS why, if(status = 'refused', toString(field), '') AS place, count() AS n, max(landed) AS last FROM log_"+t.Name+
			" WHERE sender IN {senders:Array(String)} GROUP BY code, why, place")
	}
	rows, err := s.deps.Service.Query(ctx, strings.Join(parts, " UNION ALL ")+" ORDER BY code, record_type, why, place", warehouse.Param("senders", warehouse.Array(codes)))
	if err != nil {
		return fmt.Errorf("count what senders sent: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name, code string
		var r senderReason
		var last time.Time
		if err := rows.Scan(&name, &code, &r.Reason, &r.Field, &r.Count, &last); err != nil {
			return fmt.Errorf("count what senders sent: %w", err)
		}
		p := g.part(code, name)
		p.add(sent{Read: r.Count, Last: instant(last)})
		if r.Reason != "" {
			p.Refused += r.Count
			p.Reasons = append(p.Reasons, r)
		}
	}
	return rows.Err()
}

// gatherLooks adds what the newest look at the data found of each sender.
func (s *Server) gatherLooks(ctx context.Context, codes []string, g gathering) (*string, error) {
	rows, err := s.deps.Service.Query(ctx, `SELECT toString(record_type) AS name, toString(sender) AS code, toUInt64(sum(last - first + 1)), toUInt64(0), toUInt64(0), max(at) FROM sequence_gap
WHERE check_id = (SELECT max(check_id) FROM quality_check) AND sender IN {senders:Array(String)} GROUP BY name, code
UNION ALL SELECT toString(record_type) AS name, toString(sender) AS code, toUInt64(0), countIf(state = 'breached'), countIf(state = 'exempt'), max(at) FROM quality_check
WHERE check_id = (SELECT max(check_id) FROM quality_check) AND sender IN (SELECT arrayJoin(arrayConcat([''], {senders:Array(String)}))) GROUP BY name, code`, warehouse.Param("senders", warehouse.Array(codes)))
	if err != nil {
		return nil, fmt.Errorf("read what the newest look found of senders: %w", err)
	}
	defer rows.Close()
	var looked *string
	for rows.Next() {
		var name, code string
		var one sent
		var at time.Time
		if err := rows.Scan(&name, &code, &one.Missing, &one.Breached, &one.Exempt, &at); err != nil {
			return nil, fmt.Errorf("read what the newest look found of senders: %w", err)
		}
		when := instant(at)
		looked = &when
		if code != "" { // the summary over all senders tells the time alone
			g.part(code, name).add(one)
		}
	}
	return looked, rows.Err()
}

// arrange puts the parts in administrative order and adds them up.
func (s *Server) arrange(who caller, codes []string, q senderQuery, g gathering, out *arrivals) {
	refusals := map[[3]string]*refusal{}
	limit := orNumber(q.Limit, 300)
	for _, code := range codes {
		v := senderView{Sender: code, Parts: []senderPart{}}
		for _, t := range s.deps.Contracts.Types() {
			p := g[[2]string{code, t.Name}]
			if p == nil {
				continue
			}
			p.RecordType = s.recordType(t.Name)
			v.add(p.sent)
			v.Parts = append(v.Parts, *p)
			for _, r := range p.Reasons {
				key := [3]string{t.Name, r.Reason, r.Field}
				if refusals[key] == nil {
					refusals[key] = s.refusalOf(t.Name, r)
				}
				refusals[key].Count += r.Count
				refusals[key].Senders++
			}
		}
		if len(v.Parts) == 0 {
			continue
		}
		out.Total++
		out.Read, out.Refused, out.Missing, out.Breached, out.Exempt = out.Read+v.Read, out.Refused+v.Refused, out.Missing+v.Missing, out.Breached+v.Breached, out.Exempt+v.Exempt
		if v.troubled() {
			out.Troubled++
		} else if q.Troubled {
			continue
		}
		if len(out.Senders) < limit {
			o, _ := who.state.register.ByCode(code)
			v.Organ = who.state.ref(o.ID)
			out.Senders = append(out.Senders, v)
		}
	}
	for _, r := range refusals {
		out.Refusals = append(out.Refusals, *r)
	}
	slices.SortFunc(out.Refusals, func(a, b refusal) int {
		return strings.Compare(a.RecordType.Type+"|"+a.Reason+"|"+a.Field, b.RecordType.Type+"|"+b.Reason+"|"+b.Field)
	})
}

// refusalOf puts words to a reason.
func (s *Server) refusalOf(recordType string, r senderReason) *refusal {
	out := &refusal{RecordType: s.recordType(recordType), Reason: r.Reason, Field: r.Field}
	out.ReasonText, out.Remedy, out.FieldName = s.refusalWords(recordType, r.Reason, r.Field)
	return out
}

// receiptView says how far the records of a stream were answered (回执).
type receiptView struct {
	RecordType recordTypeRef `json:"record_type"`
	Stream     string        `json:"stream"`
	Answered   uint64        `json:"answered"`
	Loaded     uint64        `json:"loaded"`
	At         string        `json:"at"`
}

// listReceipts answers nothing where receipts are off.
func (s *Server) listReceipts(ctx context.Context, _ caller, _ none) (answer[[]receiptView], error) {
	a := answer[[]receiptView]{data: []receiptView{}}
	rows, err := s.deps.Service.Query(ctx, "SELECT toString(record_type) AS name, stream, next, written FROM receipt_position FINAL ORDER BY name, stream")
	if err != nil {
		return a, fmt.Errorf("read how far receipts went: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r receiptView
		var name string
		var at time.Time
		if err := rows.Scan(&name, &r.Stream, &r.Answered, &at); err != nil {
			return a, fmt.Errorf("read how far receipts went: %w", err)
		}
		r.RecordType, r.At = s.recordType(name), instant(at)
		a.data = append(a.data, r)
	}
	if err := rows.Err(); err != nil {
		return a, fmt.Errorf("read how far receipts went: %w", err)
	}
	for i := range a.data {
		r := &a.data[i]
		if _, known := s.deps.Contracts.Type(r.RecordType.Type); !known {
			continue
		}
		err := s.deps.Service.QueryRow(ctx, "SELECT max(offset) + 1 FROM log_"+r.RecordType.Type+" WHERE stream = {stream:String}", warehouse.Param("stream", r.Stream)).Scan(&r.Loaded)
		if err != nil {
			return a, fmt.Errorf("read how far a stream is in: %w", err)
		}
	}
	return a, nil
}

// qualityLook is one look at the data, by check (检核).
type qualityLook struct {
	At      string      `json:"at"`
	Ranges  uint64      `json:"ranges"`  // gaps in senders' numbers
	Missing uint64      `json:"missing"` // numbers in them
	Checks  []lookCount `json:"checks"`
}

type lookCount struct {
	Check     string `json:"check"`
	CheckText Text   `json:"check_text"`
	Evaluated uint64 `json:"evaluated"`
	Breached  uint64 `json:"breached"`
	Exempt    uint64 `json:"exempt"`
}

// listQualityLooks answers the newest sixty looks, newest first, of the senders
// in scope; what was evaluated is of all.
func (s *Server) listQualityLooks(ctx context.Context, who caller, _ none) (answer[[]qualityLook], error) {
	a := answer[[]qualityLook]{data: []qualityLook{}}
	codes := warehouse.Param("senders", warehouse.Array(senders(who)))
	rows, err := s.deps.Service.Query(ctx, `SELECT check_id, max(at) AS seen, toString(kind) AS check, sumIf(evaluated, sender = ''), countIf(state = 'breached' AND sender IN {senders:Array(String)}), countIf(state = 'exempt' AND sender IN {senders:Array(String)})
FROM quality_check WHERE check_id IN (SELECT DISTINCT check_id FROM quality_check ORDER BY check_id DESC LIMIT 60) GROUP BY check_id, check ORDER BY check_id DESC, check`, codes)
	if err != nil {
		return a, fmt.Errorf("read the looks at the data: %w", err)
	}
	defer rows.Close()
	at := map[string]int{}
	for rows.Next() {
		var id string
		var seen time.Time
		var c lookCount
		if err := rows.Scan(&id, &seen, &c.Check, &c.Evaluated, &c.Breached, &c.Exempt); err != nil {
			return a, fmt.Errorf("read the looks at the data: %w", err)
		}
		if _, known := at[id]; !known {
			at[id] = len(a.data)
			a.data = append(a.data, qualityLook{At: instant(seen), Checks: []lookCount{}})
		}
		c.CheckText = checkText(c.Check)
		a.data[at[id]].Checks = append(a.data[at[id]].Checks, c)
	}
	if err := rows.Err(); err != nil {
		return a, fmt.Errorf("read the looks at the data: %w", err)
	}
	gaps, err := s.deps.Service.Query(ctx, "SELECT check_id, count(), toUInt64(sum(last - first + 1)) FROM sequence_gap WHERE sender IN {senders:Array(String)} GROUP BY check_id", codes)
	if err != nil {
		return a, fmt.Errorf("read the gaps of the looks: %w", err)
	}
	defer gaps.Close()
	for gaps.Next() {
		var id string
		var ranges, missing uint64
		if err := gaps.Scan(&id, &ranges, &missing); err != nil {
			return a, fmt.Errorf("read the gaps of the looks: %w", err)
		}
		if i, known := at[id]; known {
			a.data[i].Ranges, a.data[i].Missing = ranges, missing
		}
	}
	return a, gaps.Err()
}
