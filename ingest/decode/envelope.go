package decode

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"
)

// Refusal codes (退回原因) and flags; their texts are in the contract's table.
const (
	codeNotUTF8        = "not_utf8"
	codeNotJSON        = "not_json"
	codeDuplicateKey   = "duplicate_key"
	codeTooLarge       = "too_large"
	codeUnknownType    = "unknown_type"
	codeWrongTopic     = "wrong_topic"
	codeWrongVersion   = "wrong_version"
	codeMissingField   = "missing_field"
	codeNoRevision     = "missing_revision"
	codeUnknownOp      = "unknown_op"
	codeWrongKind      = "wrong_kind"
	codeUnknownValue   = "unknown_value"
	codeUnknownField   = "unknown_field"
	codeUnknownOrgan   = "unknown_organ"
	codeUnknownRegion  = "unknown_region"
	codeNoZone         = "date_without_zone"
	codeNotADate       = "not_a_date"
	codeFuture         = "future_date"
	codeTooLong        = "too_long"
	codeDigest         = "digest_mismatch"
	codeOutOfRange     = "number_out_of_range"
	codeNotADocument   = "not_a_document_number"
	codeSender         = "sender_mismatch"
	codeNeverAllocated = "never_allocated_region"
	codeCheckDigit     = "check_digit"
	codeMissingID      = "missing_id"
	codeImplausible    = "implausible"
)

// Operations of an envelope.
const (
	opUpsert  = 1
	opCorrect = 2
	opRetract = 3
)

// slot is one member of the envelope.
type slot uint8

const (
	slotMessageID slot = iota
	slotSender
	slotSenderSeq
	slotRecordType
	slotSchemaVersion
	slotOp
	slotRevision
	slotBusinessTime
	slotSentTime
	slotPayload
	slotDigest
	slotSignature
	numSlots
)

var slotNames = [numSlots]string{"message_id", "sender", "sender_seq", "record_type", "schema_version", "op", "revision", "business_time", "sent_time", "payload", "digest", "signature"}

func slotOf(name []byte) (slot, bool) {
	for i, n := range slotNames {
		if string(name) == n {
			return slot(i), true
		}
	}
	return 0, false
}

// instant is a point in time that may be unknown.
type instant struct {
	ms    int64
	known bool
}

// row is the system part of one row.
type row struct {
	reason, field     string
	masked            []byte
	digest            [sha256.Size]byte
	messageID, sender []byte
	seq, revision     uint64
	op                int8
	business, sent    instant
	key               []byte
	sealFor           string // sender's code once it is known to be one
	organ             int32  // the decoder's number of the sender, 0 while it is not known
}

// reset empties the row and keeps its buffers.
func (r *row) reset() {
	*r = row{masked: r.masked[:0], messageID: r.messageID[:0], sender: r.sender[:0], key: r.key[:0], op: opUpsert}
}

// refuse notes the first fault of a message: its code, the field it stands in
// and the value's shape.
func (d *Decoder) refuse(code, field string, value []byte, personal bool) bool {
	if d.row.reason != "" {
		return false
	}
	d.row.reason, d.row.field = code, field
	d.row.masked = mask(d.row.masked[:0], value, personal)
	return false
}

// Append decodes one message and appends exactly one row to b, accepted or
// refused. key is not read: the natural key comes from the payload. The error
// is the vault's or the register's, never the message's; no row is appended then.
func (d *Decoder) Append(ctx context.Context, b *Block, at Coordinates, _, value []byte, headers []Header) error {
	d.row.reset()
	clear(d.touched)
	d.env, d.seen, d.scratch = [numSlots]token{}, 0, d.scratch[:0]
	d.members, d.passed, d.slot, d.expected = d.members[:0], false, 0, 0
	d.unknown, d.extra = d.unknown[:0], d.extra[:0]
	if err := d.decode(ctx, at, value, headers); err != nil {
		return err
	}
	sender := d.row.sealFor
	if sender == "" {
		sender = "unknown"
	}
	month := d.monthOfLanding(at)
	if err := d.prepareKeys(ctx, month); err != nil {
		return err
	}
	sealed, keyID, err := d.deps.Vault.Seal(ctx, d.sealed[:0], sender, month, value, d.phrases)
	if err != nil {
		return err
	}
	d.sealed = sealed
	b.write(d, at, sealed, keyID)
	return nil
}

// prepareKeys lets the keys of all organs be made at once when a month begins: one
// by one, a new month would cost as many statements as there are senders.
func (d *Decoder) prepareKeys(ctx context.Context, month string) error {
	if d.prepared == month || d.system == nil {
		return nil
	}
	if v, ok := d.deps.Vault.(interface {
		Prepare(ctx context.Context, month string, senders []string) error
	}); ok {
		organs := d.deps.Register.Current().All()
		codes := make([]string, len(organs))
		for i, o := range organs {
			codes[i] = o.Code
		}
		if err := v.Prepare(ctx, month, codes); err != nil {
			return err
		}
	}
	d.prepared = month
	return nil
}

func (d *Decoder) monthOfLanding(at Coordinates) string {
	if ms := at.Landed.UnixMilli(); d.month == "" || ms != d.monthOf {
		y, m, _ := civil(days(ms))
		d.monthOf, d.month = ms, string([]byte{byte('0' + y/1000), byte('0' + y/100%10), byte('0' + y/10%10), byte('0' + y%10), '-', byte('0' + m/10), byte('0' + m%10)})
	}
	return d.month
}

// decode fills row and cells; a fault of the message ends in d.row.reason.
func (d *Decoder) decode(ctx context.Context, at Coordinates, value []byte, headers []Header) error {
	if len(value) > maxBytes {
		d.row.digest = sha256.Sum256(value)
		d.refuse(codeTooLarge, "", nil, false)
		return nil
	}
	if !utf8.Valid(value) {
		d.row.digest = sha256.Sum256(value)
		d.refuse(codeNotUTF8, "", nil, false)
		return nil
	}
	if !d.scanEnvelope(value) {
		d.row.digest = sha256.Sum256(value)
		return nil
	}
	d.readEnvelope(headers)
	if err := d.checkSender(ctx, at); err != nil || d.row.reason != "" {
		return err
	}
	return d.readPayload(ctx, at)
}

func (d *Decoder) scanEnvelope(value []byte) bool {
	s := scanner{b: value, inner: d.onMember, began: d.onBegin}
	if s.next() != '{' {
		if s.code == "" {
			_, _ = s.document()
		}
		code := s.code
		if code == "" {
			code = codeNotJSON
		}
		return d.refuse(code, "", nil, false)
	}
	ok := s.members(1, d.onEnvelope)
	if ok {
		if s.space(); s.i != len(s.b) {
			ok = s.fail(codeNotJSON)
		}
	}
	if !ok && s.code != "" {
		// A fault of the text outweighs a fault of one member found before it.
		d.row.reason = ""
		return d.refuse(s.code, "", nil, false)
	}
	return ok
}

// member is one member of the payload as it was passed on the way.
type member struct{ key, value token }

func (d *Decoder) beginMembers() { d.members, d.passed = d.members[:0], true }

func (d *Decoder) keepMember(key, value token) bool {
	d.members = append(d.members, member{key, value})
	return true
}

func (d *Decoder) envelopeMember(key, value token) bool {
	name, ok := d.plain(key)
	if !ok {
		d.refuse(codeNotJSON, "", nil, false)
		return true
	}
	s, known := d.slot, true
	if s >= numSlots || string(name) != slotNames[s] {
		s, known = slotOf(name)
	}
	d.slot = s + 1 // senders write the members in one order
	switch {
	case !known:
		d.refuse(codeUnknownField, "", name, false)
	case d.seen&(1<<s) != 0:
		d.refuse(codeDuplicateKey, slotNames[s], nil, false)
	default:
		d.env[s], d.seen = value, d.seen|1<<s
	}
	return true
}

// plain gives the text of a string token, without copying where it can.
func (d *Decoder) plain(t token) ([]byte, bool) {
	if !t.escaped {
		return t.raw, true
	}
	start := len(d.scratch)
	out, ok := unescape(d.scratch, t.raw)
	d.scratch = out
	return out[start:len(out):len(out)], ok
}

func (d *Decoder) given(s slot) bool { return d.seen&(1<<s) != 0 && d.env[s].kind != kindNull }

// readEnvelope reads every member it can, so that a refused row still says who
// sent it; the first fault in order decides.
func (d *Decoder) readEnvelope(headers []Header) {
	r := &d.row
	if d.given(slotPayload) {
		r.digest = sha256.Sum256(d.env[slotPayload].raw)
	}
	d.checkType(headers)
	r.messageID = d.text(slotMessageID, r.messageID, 200)
	r.sender = d.text(slotSender, r.sender, 64)
	r.seq, _ = d.uint(slotSenderSeq, codeMissingField)
	d.readOp()
	r.revision, _ = d.uint(slotRevision, codeNoRevision)
	if v, ok := d.uint(slotSchemaVersion, codeMissingField); ok && (v == 0 || v > uint64(d.version)) {
		d.refuse(codeWrongVersion, "schema_version", d.env[slotSchemaVersion].raw, false)
	}
	r.business = d.time(slotBusinessTime)
	r.sent = d.time(slotSentTime)
	switch {
	case !d.given(slotPayload):
		d.refuse(codeMissingField, "payload", nil, false)
	case d.env[slotPayload].kind != kindObject:
		d.refuse(codeWrongKind, "payload", nil, false)
	default:
		d.checkDigest()
	}
	for _, h := range headers {
		if h.Key == "sender" && string(h.Value) != string(r.sender) {
			d.refuse(codeSender, "sender", h.Value, false)
		}
	}
}

func (d *Decoder) checkType(headers []Header) {
	if !d.given(slotRecordType) {
		d.refuse(codeMissingField, "record_type", nil, false)
		return
	}
	t := d.env[slotRecordType]
	name, ok := d.plain(t)
	switch {
	case t.kind != kindString || !ok:
		d.refuse(codeWrongKind, "record_type", t.raw, false)
	case string(name) == d.name:
	case !d.types[string(name)]:
		d.refuse(codeUnknownType, "record_type", name, false)
	default:
		d.refuse(codeWrongTopic, "record_type", name, false)
	}
	for _, h := range headers {
		if h.Key == "record_type" && string(h.Value) != string(name) {
			d.refuse(codeWrongTopic, "record_type", h.Value, false)
		}
	}
}

func (d *Decoder) text(s slot, dst []byte, limit int) []byte {
	if !d.given(s) {
		d.refuse(codeMissingField, slotNames[s], nil, false)
		return dst
	}
	t := d.env[s]
	v, ok := d.plain(t)
	switch {
	case t.kind != kindString || !ok:
		d.refuse(codeWrongKind, slotNames[s], t.raw, false)
	case len(v) == 0:
		d.refuse(codeMissingField, slotNames[s], nil, false)
	case len(v) > limit:
		d.refuse(codeTooLong, slotNames[s], v, false)
	default:
		return append(dst, v...)
	}
	return dst
}

func (d *Decoder) uint(s slot, missing string) (uint64, bool) {
	if !d.given(s) {
		return 0, d.refuse(missing, slotNames[s], nil, false)
	}
	t := d.env[s]
	if t.kind != kindNumber {
		return 0, d.refuse(codeWrongKind, slotNames[s], t.raw, false)
	}
	v, ok := parseUint(t.raw)
	if !ok {
		return 0, d.refuse(codeOutOfRange, slotNames[s], t.raw, false)
	}
	return v, true
}

func (d *Decoder) readOp() {
	if !d.given(slotOp) {
		d.refuse(codeMissingField, "op", nil, false)
		return
	}
	switch t := d.env[slotOp]; {
	case t.kind != kindString:
		d.refuse(codeWrongKind, "op", t.raw, false)
	case string(t.raw) == "upsert":
		d.row.op = opUpsert
	case string(t.raw) == "correct":
		d.row.op = opCorrect
	case string(t.raw) == "retract":
		d.row.op = opRetract
	default:
		d.refuse(codeUnknownOp, "op", t.raw, false)
	}
}

func (d *Decoder) time(s slot) instant {
	if !d.given(s) {
		d.refuse(codeMissingField, slotNames[s], nil, false)
		return instant{}
	}
	t := d.env[s]
	if t.kind != kindString {
		d.refuse(codeWrongKind, slotNames[s], t.raw, false)
		return instant{}
	}
	v, ok := d.plain(t)
	if !ok {
		d.refuse(codeNotADate, slotNames[s], t.raw, false)
		return instant{}
	}
	ms, code := parseInstant(v)
	if code != "" {
		d.refuse(code, slotNames[s], v, false)
		return instant{}
	}
	return instant{ms: ms, known: true}
}

func (d *Decoder) checkDigest() {
	if !d.given(slotDigest) {
		return
	}
	t := d.env[slotDigest]
	var sum [sha256.Size]byte
	if t.kind != kindString || len(t.raw) != 2*sha256.Size {
		d.refuse(codeDigest, "digest", nil, false)
		return
	}
	if _, err := hex.Decode(sum[:], t.raw); err != nil || sum != d.row.digest {
		d.refuse(codeDigest, "digest", nil, false)
	}
}

// checkSender asks the register for the sender; types of the register itself
// and of files have none to ask.
func (d *Decoder) checkSender(ctx context.Context, at Coordinates) error {
	if len(d.row.sender) == 0 {
		return nil
	}
	if d.system == nil {
		if len(d.row.sender) <= 32 {
			d.row.sealFor = string(d.row.sender)
		}
		return nil
	}
	organ, ok, err := d.organ(ctx, at, d.row.sender)
	switch {
	case err != nil:
		return err
	case !ok:
		d.refuse(codeUnknownOrgan, "sender", d.row.sender, false)
	case !organ.sends:
		d.row.sealFor, d.row.organ = organ.code, organ.ordinal
		d.refuse(codeSender, "sender", d.row.sender, false)
	default:
		d.row.sealFor, d.row.organ = organ.code, organ.ordinal
	}
	return nil
}

// Codes lists every code that a row can carry as its reason or in a flag.
func Codes() []string {
	return []string{
		codeNotUTF8, codeNotJSON, "truncated_json", "too_deep", codeDuplicateKey, codeTooLarge, codeUnknownType, codeWrongTopic, codeWrongVersion,
		codeMissingField, codeNoRevision, codeUnknownOp, codeWrongKind, codeUnknownValue, codeUnknownField, codeUnknownOrgan, codeUnknownRegion,
		codeNoZone, codeNotADate, codeFuture, codeTooLong, codeDigest, codeOutOfRange, codeNotADocument, codeSender, codeNeverAllocated,
		codeCheckDigit, codeMissingID, codeImplausible,
	}
}
