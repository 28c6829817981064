package filedrop

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"hengjian/warehouse/contract"
)

// maxRecord bounds one record of a member.
const maxRecord = 16 << 20

// records hands out the messages of one member in order, each with its line or
// place from 1. What is no record becomes a message that the decoder refuses, so
// that nothing is passed over; an error means that the member ends there.
func records(r io.Reader, m Member, t *contract.Type, s stamp, each func(n uint64, message []byte) error) (uint64, error) {
	switch m.Format {
	case formatCSV:
		return csvRecords(r, t, s, each)
	case formatXML:
		return xmlRecords(r, t, s, each)
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxRecord)
	var n uint64
	for lines.Scan() {
		n++
		if err := each(n, bytes.TrimSpace(lines.Bytes())); err != nil {
			return n, err
		}
	}
	if err := lines.Err(); err != nil {
		return n, refused(m.Name, fmt.Sprintf("line %d cannot be read: %v", n+1, err), fmt.Sprintf("第 %d 行无法读取", n+1))
	}
	return n, nil
}

// stamp is what an envelope needs where the format has none.
type stamp struct{ digest, sender, sent string }

// envelope wraps cells of named fields; "revision", "op" and "business_time" go
// into the envelope unless the contract has fields of that name.
func (s stamp) envelope(dst []byte, t *contract.Type, n uint64, names, cells []string) []byte {
	number := strconv.FormatUint(n, 10)
	revision, op, business := "1", "upsert", s.sent
	outer := func(name string) *string {
		if _, own := t.Field(name); own {
			return nil
		}
		return map[string]*string{"revision": &revision, "op": &op, "business_time": &business}[name]
	}
	for i, name := range names {
		if to := outer(name); to != nil && cells[i] != "" {
			*to = cells[i]
		}
	}
	dst = append(dst, `{"message_id":`...)
	dst = appendString(dst, s.digest+"/"+number)
	dst = append(dst, `,"sender":`...)
	dst = appendString(dst, s.sender)
	dst = append(dst, `,"sender_seq":`+number+`,"record_type":`...)
	dst = appendString(dst, t.Name)
	dst = append(dst, `,"schema_version":`+strconv.Itoa(t.Version)+`,"op":`...)
	dst = appendString(dst, op)
	dst = append(dst, `,"revision":`...)
	dst = appendScalar(dst, revision, "0123456789")
	dst = append(dst, `,"business_time":`...)
	dst = appendString(dst, business)
	dst = append(dst, `,"sent_time":`...)
	dst = appendString(dst, s.sent)
	dst = append(dst, `,"payload":{`...)
	comma := false
	for i, name := range names {
		if outer(name) != nil || cells[i] == "" {
			continue
		}
		if comma {
			dst = append(dst, ',')
		}
		comma = true
		f, _ := t.Field(name)
		dst = append(appendString(dst, name), ':')
		dst = appendValue(dst, f.Kind, cells[i])
	}
	return append(dst, "}}"...)
}

func csvRecords(r io.Reader, t *contract.Type, s stamp, each func(n uint64, message []byte) error) (uint64, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord, in.ReuseRecord = -1, false
	var names []string
	var n uint64
	var message []byte
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, refused("", fmt.Sprintf("row %d is not valid CSV: %v", n+1, err), fmt.Sprintf("第 %d 行不是有效的 CSV", n+1))
		}
		if names == nil {
			names = slices.Clone(row)
			names[0] = string(bytes.TrimPrefix([]byte(names[0]), []byte("\xef\xbb\xbf")))
			continue
		}
		n++
		if len(row) == len(names) {
			message = s.envelope(message[:0], t, n, names, row)
		} else {
			message = appendList(message[:0], row)
		}
		if err := each(n, message); err != nil {
			return n, err
		}
	}
}

// xmlRecords reads <records><record><field>text</field>…</record>…</records>
// without any DTD, entity or processing instruction.
func xmlRecords(r io.Reader, t *contract.Type, s stamp, each func(n uint64, message []byte) error) (uint64, error) {
	in := xml.NewDecoder(r)
	in.Strict, in.Entity = true, nil
	var n uint64
	var names, cells []string
	depth := 0
	bad := func(what string) error {
		return refused("", fmt.Sprintf("XML near byte %d: %s", in.InputOffset(), what), "XML 格式不正确或含有 DTD、实体")
	}
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) && depth == 0 {
			return n, nil
		}
		if err != nil {
			return n, bad(err.Error())
		}
		switch x := token.(type) {
		case xml.Directive:
			return n, bad("a DTD or directive is not taken")
		case xml.ProcInst:
			if x.Target != "xml" {
				return n, bad("a processing instruction is not taken")
			}
		case xml.StartElement:
			if depth++; depth > 3 {
				return n, bad("records are not nested")
			}
			if depth == 2 {
				names, cells = names[:0], cells[:0]
			} else if depth == 3 {
				names, cells = append(names, x.Name.Local), append(cells, "")
			}
		case xml.CharData:
			if depth == 3 {
				cells[len(cells)-1] += string(x)
			}
		case xml.EndElement:
			if depth--; depth == 1 {
				n++
				if err := each(n, s.envelope(nil, t, n, names, cells)); err != nil {
					return n, err
				}
			}
		}
	}
}
