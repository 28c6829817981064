package quality

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"hengjian/warehouse/contract"
)

// Exemption says from when to when a check does not count, and why (豁免).
type Exemption struct {
	RecordType, Kind, Sender, Field string // Sender "*" and Field "" mean all
	From, To                        string // first and last day
	ReasonZH, ReasonEN              string
}

// loadExemptions reads the embedded exemptions and those of overlay/quality.
func loadExemptions(overlay string, c *contract.Catalogue) ([]Exemption, error) {
	var out []Exemption
	read := func(fsys fs.FS, pattern, dir string) error {
		err := contract.ReadYAML(fsys, pattern, func(_ string, root *yaml.Node) []contract.Problem {
			r := contract.NewReading(root)
			r.ID = "exemptions"
			o := r.Object(root, "exemptions")
			r.Need(o, "exemptions")
			for _, n := range r.List(o.At("exemptions")) {
				out = append(out, readExemption(r, n, c))
			}
			return r.Problems()
		})
		var problems contract.Problems
		if errors.As(err, &problems) {
			for i := range problems {
				problems[i].File = path.Join(dir, problems[i].File)
			}
			return problems
		}
		return err
	}
	if err := read(embedded, "exemptions.yaml", ""); err != nil {
		return nil, err
	}
	if overlay != "" {
		if err := read(os.DirFS(overlay), "quality/*.yaml", overlay); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func readExemption(r *contract.Reading, n *yaml.Node, c *contract.Catalogue) Exemption {
	o := r.Object(n, "type", "check", "sender", "field", "from", "to", "reason")
	r.Need(o, "type", "check", "sender", "from", "to", "reason")
	e := Exemption{RecordType: r.Text(o.At("type")), Kind: r.Text(o.At("check")), Sender: r.Text(o.At("sender")), Field: r.Text(o.At("field")), From: r.Text(o.At("from")), To: r.Text(o.At("to"))}
	t, ok := c.Type(e.RecordType)
	if e.RecordType != "" && !ok {
		r.Refuse(o.At("type"), fmt.Sprintf("there is no record type %q", e.RecordType), "name a type of the contracts")
	}
	if ok && e.Field != "" {
		if _, has := t.Field(e.Field); !has {
			r.Refuse(o.At("field"), fmt.Sprintf("%s has no field %q", e.RecordType, e.Field), "name a field of the contract")
		}
	}
	if e.Kind != "" && !slices.Contains(Kinds(), e.Kind) {
		r.Refuse(o.At("check"), fmt.Sprintf("there is no check %q", e.Kind), "choose one of "+strings.Join(Kinds(), ", "))
	}
	for _, day := range []string{"from", "to"} {
		if _, err := time.Parse(time.DateOnly, r.Text(o.At(day))); o.Has(day) && err != nil {
			r.Refuse(o.At(day), "not a date", "write YYYY-MM-DD")
		}
	}
	if e.To < e.From {
		r.Refuse(o.At("to"), "the exemption ends before it begins", "write a last day on or after from")
	}
	reason := r.Object(o.At("reason"), "zh", "en")
	r.Need(reason, "zh", "en")
	e.ReasonZH, e.ReasonEN = r.Text(reason.At("zh")), r.Text(reason.At("en"))
	return e
}

// exemption finds the first that covers a breach; the breach's month must lie
// within its days.
func (k *Checker) exemption(f Finding) *Exemption {
	for i := range k.exemptions {
		e := &k.exemptions[i]
		if e.RecordType == f.RecordType && e.Kind == f.Kind && (e.Sender == "*" || e.Sender == f.Sender) && (e.Field == "" || e.Field == f.Field) &&
			e.From <= f.Month && f.Month <= e.To {
			return e
		}
	}
	return nil
}
