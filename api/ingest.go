package api

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hengjian/warehouse"
)

func (s *Server) ingestRoutes(r gin.IRouter) {
	r.GET("/ingest/streams", handle(s, "listStreams", s.listStreams, func(c *gin.Context, who caller, a answer[[]streamView]) {
		c.Header("Cache-Control", "no-store")
		writeJSON(c, 200, "application/json; charset=utf-8", envelope[[]streamView]{Data: a.data, Meta: s.meta(who, a.run)})
	}))
	read(s, r, "/ingest/fates", "listFates", s.listFates)
	read(s, r, "/ingest/quarantine", "listQuarantine", s.listQuarantine)
}

// streamView is one stream with its lag.
type streamView struct {
	Stream     string        `json:"stream"`
	RecordType recordTypeRef `json:"record_type"`
	Position   *uint64       `json:"position"`
	HighWater  *uint64       `json:"high_water"`
	Lag        *uint64       `json:"lag"`
	Moved      *string       `json:"moved"`
	Alarm      bool          `json:"alarm"`
}

// listStreams answers what the loader says; nothing when this process takes nothing in.
func (s *Server) listStreams(ctx context.Context, _ caller, _ none) (answer[[]streamView], error) {
	a := answer[[]streamView]{data: []streamView{}}
	if s.deps.Ingest == nil {
		return a, nil
	}
	streams, err := s.deps.Ingest.Streams(ctx)
	if err != nil {
		return a, fmt.Errorf("ask for the streams: %w", err)
	}
	for _, st := range streams {
		v := streamView{Stream: st.Stream, RecordType: s.recordType(st.RecordType), Alarm: st.Alarm}
		if st.Stream != "" {
			v.Position, v.HighWater, v.Lag = &st.Position, &st.HighWater, &st.Lag
		}
		if !st.Moved.IsZero() {
			moved := instant(st.Moved)
			v.Moved = &moved
		}
		a.data = append(a.data, v)
	}
	return a, nil
}

// fate counts what became of the records of a type.
type fate struct {
	RecordType  recordTypeRef `json:"record_type"`
	Read        uint64        `json:"read"`
	Accepted    uint64        `json:"accepted"`
	Quarantined uint64        `json:"quarantined"`
	Applied     uint64        `json:"applied"`
	Duplicate   uint64        `json:"duplicate"`
	Superseded  uint64        `json:"superseded"`
	Conflict    uint64        `json:"conflict"`
	Waiting     uint64        `json:"waiting"`
}

// listFates answers the accounting of the whole country: counts only.
func (s *Server) listFates(ctx context.Context, _ caller, _ none) (answer[[]fate], error) {
	a := answer[[]fate]{data: []fate{}}
	counted, err := s.countFates(ctx)
	if err != nil {
		return a, err
	}
	for _, t := range s.deps.Contracts.Types() {
		f := fate{RecordType: s.recordType(t.Name)}
		// fates first: a record derived in between then shows as waiting, never as lost
		fates := counted[t.Name]
		f.Applied, f.Duplicate, f.Superseded, f.Conflict = fates["applied"], fates["duplicate"], fates["superseded"], fates["conflict"]
		if err := s.deps.Service.QueryRow(ctx, "SELECT count(), countIf(status = 'accepted') FROM log_"+t.Name).Scan(&f.Read, &f.Accepted); err != nil {
			return a, fmt.Errorf("count the log of %s: %w", t.Name, err)
		}
		f.Quarantined = f.Read - f.Accepted
		f.Waiting = f.Accepted - min(f.Accepted, f.Applied+f.Duplicate+f.Superseded+f.Conflict)
		a.data = append(a.data, f)
	}
	return a, nil
}

// countFates counts fates by type.
func (s *Server) countFates(ctx context.Context) (map[string]map[string]uint64, error) {
	rows, err := s.deps.Service.Query(ctx, "SELECT toString(record_type), toString(fate), count() FROM record_fate FINAL GROUP BY record_type, fate")
	if err != nil {
		return nil, fmt.Errorf("count fates: %w", err)
	}
	defer rows.Close()
	out := map[string]map[string]uint64{}
	for rows.Next() {
		var name, what string
		var n uint64
		if err := rows.Scan(&name, &what, &n); err != nil {
			return nil, fmt.Errorf("count fates: %w", err)
		}
		if out[name] == nil {
			out[name] = map[string]uint64{}
		}
		out[name][what] = n
	}
	return out, rows.Err()
}

// quarantineQuery filters refused records.
type quarantineQuery struct {
	Type   string `form:"type" binding:"max=40"`
	Reason string `form:"reason" binding:"max=40"`
	Cursor string `form:"cursor" binding:"max=600"`
	Limit  int    `form:"limit" binding:"omitempty,min=1,max=1000"`
}

// quarantineRow is one refused record, masked.
type quarantineRow struct {
	RecordType recordTypeRef `json:"record_type"`
	Stream     string        `json:"stream"`
	Offset     uint64        `json:"offset"`
	Landed     string        `json:"landed"`
	Sender     string        `json:"sender"`
	Organ      *organRef     `json:"organ"`
	Reason     string        `json:"reason"`
	ReasonText Text          `json:"reason_text"`
	Remedy     Text          `json:"remedy"`
	Field      string        `json:"field"`
	FieldName  Text          `json:"field_name"`
	Masked     string        `json:"masked"`
	MessageID  string        `json:"message_id"`

	landed time.Time
}

// listQuarantine answers refused records of senders in scope, newest first. A
// record whose sender is not in the register is shown to nobody here.
func (s *Server) listQuarantine(ctx context.Context, who caller, q quarantineQuery) (answer[[]quarantineRow], error) {
	a := answer[[]quarantineRow]{data: []quarantineRow{}}
	limit := orNumber(q.Limit, 100)
	senders := senders(who)
	filter := filterDigest(who, "quarantine", q.Type, q.Reason)
	after := cursor{After: []string{"", "", ""}}
	if q.Cursor != "" {
		var err error
		if after, err = s.cursors.read(q.Cursor, filter, 3); err != nil {
			return a, err
		}
	}
	var parts []string
	for _, t := range s.deps.Contracts.Types() {
		if q.Type == "" || q.Type == t.Name {
			parts = append(parts, "SELECT '"+t.Name+"' AS record_type, stream, offset, landed, sender, reason, field, masked, message_id FROM log_"+t.Name+" WHERE status = 'refused' AND sender IN {senders:Array(String)}")
		}
	}
	if len(parts) == 0 || len(senders) == 0 {
		return a, nil
	}
	where := "({reason:String} = '' OR reason = {reason:String})"
	params := []any{warehouse.Param("senders", warehouse.Array(senders)), warehouse.Param("reason", q.Reason), warehouse.Param("limit", strconv.Itoa(limit+1))}
	if after.After[0] != "" {
		where += " AND (toUnixTimestamp64Milli(landed) < {at:Int64} OR (toUnixTimestamp64Milli(landed) = {at:Int64} AND (stream, offset) > ({stream:String}, {offset:UInt64})))"
		params = append(params, warehouse.Param("at", after.After[0]), warehouse.Param("stream", after.After[1]), warehouse.Param("offset", after.After[2]))
	}
	rows, err := s.deps.Service.Query(ctx, "SELECT record_type, toString(stream), offset, landed, toString(sender), toString(reason), toString(field), masked, message_id FROM ("+strings.Join(parts, " UNION ALL ")+
		") WHERE "+where+" ORDER BY landed DESC, stream, offset LIMIT {limit:UInt32}", params...)
	if err != nil {
		return a, fmt.Errorf("read the quarantine: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r quarantineRow
		var name string
		if err := rows.Scan(&name, &r.Stream, &r.Offset, &r.landed, &r.Sender, &r.Reason, &r.Field, &r.Masked, &r.MessageID); err != nil {
			return a, fmt.Errorf("read the quarantine: %w", err)
		}
		s.explain(who, name, &r)
		a.data = append(a.data, r)
	}
	if len(a.data) > limit {
		a.data = slices.Clip(a.data[:limit])
		last := a.data[limit-1]
		a.next = s.cursors.write(cursor{After: []string{strconv.FormatInt(last.landed.UnixMilli(), 10), last.Stream, strconv.FormatUint(last.Offset, 10)}, Filter: filter})
	}
	return a, rows.Err()
}

// explain puts words to codes.
func (s *Server) explain(who caller, recordType string, r *quarantineRow) {
	r.RecordType, r.Landed = s.recordType(recordType), instant(r.landed)
	if o, ok := who.state.register.ByCode(r.Sender); ok {
		r.Organ = who.state.refOrNil(o.ID)
	}
	r.ReasonText, r.Remedy, r.FieldName = s.refusalWords(recordType, r.Reason, r.Field)
}

// refusalWords says why a record was refused, what its sender can do, and what
// the field is called; codes without words stay codes.
func (s *Server) refusalWords(recordType, reason, field string) (why, remedy, name Text) {
	why, name = Text{reason, reason}, s.fieldName(recordType, field)
	if refusal, ok := s.deps.Contracts.Refusal(reason); ok {
		why, remedy = Text{refusal.ZH, refusal.EN}, Text{refusal.RemedyZH, refusal.RemedyEN}
	}
	return why, remedy, name
}

// fieldName is what people call a field.
func (s *Server) fieldName(recordType, field string) Text {
	if t, ok := s.deps.Contracts.Type(recordType); ok {
		if f, ok := t.Field(field); ok {
			return Text{f.ZH, f.EN}
		}
	}
	return Text{field, field}
}
