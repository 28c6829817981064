package decode

// Outcome is what became of one message.
type Outcome struct {
	Reason, Field, Masked string   // "" where the record was accepted
	Flags                 []string // field:code of the bad values that were kept as flags
}

// Last tells the outcome of the message that Append read last.
func (d *Decoder) Last() Outcome {
	o := Outcome{Reason: d.row.reason, Field: d.row.field, Masked: string(d.row.masked)}
	if o.Reason != "" {
		return o
	}
	for i := d.touched.next(0); i >= 0; i = d.touched.next(i + 1) {
		if code := d.cells[i].flag; code != "" {
			o.Flags = append(o.Flags, d.fields[i].flags[code])
		}
	}
	if len(d.unknown) > 0 {
		o.Flags = append(o.Flags, extraFlag)
	}
	return o
}
