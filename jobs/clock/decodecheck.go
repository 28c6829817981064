package clock

import (
	"slices"
	"strconv"

	"gopkg.in/yaml.v3"
)

// check reads one check and appends it to the rule.
func (d *decoder) check(n *yaml.Node) {
	o := d.Object(n, "id", "name", "when", "on", "test", "overlap", "note", "responsible")
	d.Need(o, "id", "name", "test", "note", "responsible")
	k := check{
		ID: d.Text(o.At("id")), Name: d.text(o.At("name")), When: d.conditions(o.At("when")), Test: d.conditions(o.At("test")),
		Note: d.text(o.At("note")), Responsible: d.responsible(o.At("responsible")),
	}
	if slices.ContainsFunc(d.rule.checks, func(x check) bool { return x.ID == k.ID }) {
		d.Refuse(o.At("id"), "check "+strconv.Quote(k.ID)+" stands twice", "give each check its own id")
	}
	if o.Has("test") && len(k.Test) == 0 {
		d.Refuse(o.At("test"), "the check tests nothing", "write at least one condition")
	}
	if o.Has("on") {
		k.On = d.dateNamed(o.At("on"))
	}
	if at := o.At("overlap"); at != nil {
		oo := d.Object(at, "when", "note")
		d.Need(oo, "when", "note")
		k.Overlap, k.OverlapNote = d.conditions(oo.At("when")), d.text(oo.At("note"))
	}
	d.rule.checks = append(d.rule.checks, k)
}
