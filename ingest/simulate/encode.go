package simulate

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// payload writes the members of one JSON object, append-style: no reflection
// and no allocation once its buffer has grown. Its texts hold nothing to escape.
type payload struct {
	b     []byte
	empty bool
}

func (w *payload) begin() {
	w.b = append(w.b[:0], '{')
	w.empty = true
}

func (w *payload) end() { w.b = append(w.b, '}') }

func (w *payload) name(s string) {
	if !w.empty {
		w.b = append(w.b, ',')
	}
	w.empty = false
	w.b = append(w.b, '"')
	w.b = append(w.b, s...)
	w.b = append(w.b, '"', ':')
}

// text leaves an empty text out: it was not sent.
func (w *payload) text(name, v string) {
	if v == "" {
		return
	}
	w.name(name)
	w.b = append(w.b, '"')
	w.b = append(w.b, v...)
	w.b = append(w.b, '"')
}

func (w *payload) organ(name string, o *organ) {
	if o != nil {
		w.text(name, o.code)
	}
}

func (w *payload) date(name string, d day) {
	if !d.present() {
		return
	}
	w.name(name)
	w.b = append(w.b, '"')
	w.b = d.append(w.b)
	w.b = append(w.b, '"')
}

func (w *payload) instant(name string, d day, minute int) {
	if !d.present() {
		return
	}
	w.name(name)
	w.b = appendInstant(w.b, d, minute)
}

func appendInstant(b []byte, d day, minute int) []byte {
	b = append(b, '"')
	b = d.append(b)
	h, m := minute/60, minute%60
	return append(b, 'T', byte('0'+h/10), byte('0'+h%10), ':', byte('0'+m/10), byte('0'+m%10), ':', '0', '0', '+', '0', '8', ':', '0', '0', '"')
}

// count leaves a negative number out.
func (w *payload) count(name string, v int) {
	if v < 0 {
		return
	}
	w.name(name)
	w.b = strconv.AppendInt(w.b, int64(v), 10)
}

func (w *payload) truth(name string, v tri) {
	switch v {
	case yes:
		w.name(name)
		w.b = append(w.b, "true"...)
	case no:
		w.name(name)
		w.b = append(w.b, "false"...)
	}
}

func (w *payload) number(name string, n number) {
	if n.form == absent {
		return
	}
	w.name(name)
	w.b = append(w.b, '"')
	w.b = appendNumber(w.b, n)
	w.b = append(w.b, '"')
}

func (w *payload) quote(name string, q quote) {
	if q.of.form == absent {
		return
	}
	w.name(name)
	w.b = append(w.b, '"')
	w.b = appendQuote(w.b, q)
	w.b = append(w.b, '"')
}

// letter is one message before it is put together.
type letter struct {
	kind     uint8
	typeName string
	version  int
	sender   *organ
	id, seq  uint64
	op       string
	revision int
	fact     day
	sent     day
	minute   int
	bad      badness
	isBad    bool
}

// appendEnvelope writes the whole message around a payload.
func appendEnvelope(b []byte, l *letter, body []byte, seed uint64) []byte {
	b = append(b, `{"message_id":"`...)
	b = strconv.AppendUint(b, seed, 36)
	b = append(b, '-')
	b = strconv.AppendUint(b, l.id, 36)
	b = append(b, `","sender":"`...)
	b = append(b, l.sender.code...)
	b = append(b, `","sender_seq":`...)
	b = strconv.AppendUint(b, l.seq, 10)
	b = append(b, `,"record_type":"`...)
	if l.isBad && l.bad == unknownType {
		b = append(b, "weather_"...)
	}
	b = append(b, l.typeName...)
	b = append(b, `","schema_version":`...)
	if l.isBad && l.bad == wrongVersion {
		b = append(b, "99"...)
	} else {
		b = strconv.AppendInt(b, int64(l.version), 10)
	}
	b = append(b, `,"op":"`...)
	b = append(b, l.op...)
	b = append(b, '"')
	if !l.isBad || l.bad != missingRevision {
		b = append(b, `,"revision":`...)
		b = strconv.AppendInt(b, int64(l.revision), 10)
	}
	if l.isBad && l.bad == duplicateKey {
		b = append(b, `,"op":"correct"`...)
	}
	b = append(b, `,"business_time":`...)
	b = appendInstant(b, l.fact, 1070)
	if l.isBad && l.bad == dateWithoutZone {
		b = append(b[:len(b)-len(`+08:00"`)], '"')
	}
	b = append(b, `,"sent_time":`...)
	b = appendInstant(b, l.sent, 1080+l.minute%360)
	b = append(b, `,"payload":`...)
	b = append(b, body...)
	b = append(b, `,"digest":"`...)
	sum := sha256.Sum256(body)
	b = hex.AppendEncode(b, sum[:])
	b = append(b, '"', '}')
	return b
}
