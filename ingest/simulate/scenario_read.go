package simulate

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"hengjian/warehouse/contract"
)

// scenarioReader reads one scenario file.
type scenarioReader struct {
	*contract.Reading
	catalogue *contract.Catalogue
	people    []casting // of the scene being read
	numbers   []series
	last      int
}

func (d *scenarioReader) scenario() *scenario {
	s := &scenario{}
	o := d.Object(d.Root, "scenario", "zh", "place", "per_thousand", "covers", "scenes")
	d.Need(o, "scenario", "zh", "place", "scenes")
	s.name, s.zh = d.Text(o.At("scenario")), d.Text(o.At("zh"))
	d.ID = s.name
	place := d.oneOf(o.At("place"), "own", "country")
	s.everywhere = place == "country"
	if s.everywhere != o.Has("per_thousand") {
		d.Refuse(o.Node, "per_thousand belongs to place: country and only there", "say how many scenes come with a thousand chains")
	}
	if s.everywhere {
		s.rate = d.fraction(o.At("per_thousand"))
	}
	covers := d.Object(o.At("covers"), "rules", "indicators")
	s.rules, s.indicators = d.Texts(covers.At("rules")), d.Texts(covers.At("indicators"))
	for _, n := range d.List(o.At("scenes")) {
		s.scenes = append(s.scenes, d.scene(n))
	}
	if len(s.scenes) == 0 {
		d.Refuse(o.Node, "there is no scene", "write at least one")
	}
	if d.Good() {
		s.sumUp()
	}
	return s
}

// sumUp collects what the scenes declare and send.
func (s *scenario) sumUp() {
	for _, x := range s.scenes {
		for _, v := range x.verdicts {
			s.rules = append(s.rules, v.rule)
		}
		for _, c := range x.cells {
			s.indicators = append(s.indicators, c.indicator)
		}
		for i := range x.sheets {
			s.types = append(s.types, x.sheets[i].kind.Name)
		}
	}
	for _, list := range []*[]string{&s.rules, &s.indicators, &s.types} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
}

func (d *scenarioReader) scene(n *yaml.Node) *scene {
	x := &scene{times: 1, weight: 1, shows: map[string]string{}}
	d.people, d.numbers, d.last = nil, nil, 0
	o := d.Object(n, "name", "shows", "base", "times", "weight", "tilt", "people", "numbers", "records", "verdicts", "indicators", "links")
	d.Need(o, "name", "base", "records", "links")
	x.name = d.Text(o.At("name"))
	shows := d.Object(o.At("shows"))
	for _, rule := range shows.Keys {
		x.shows[rule] = d.oneOf(shows.At(rule), showings...)
	}
	x.base = d.base(o.At("base"))
	if o.Has("times") {
		x.times = d.Number(o.At("times"))
	}
	if o.Has("weight") {
		x.weight = d.fraction(o.At("weight"))
	}
	if o.Has("tilt") {
		x.tilt = d.oneOf(o.At("tilt"), tilts[:]...)
	}
	d.cast(o.At("people"))
	d.series(o.At("numbers"))
	for _, r := range d.List(o.At("records")) {
		x.sheets = append(x.sheets, d.sheet(r))
	}
	for _, v := range d.List(o.At("verdicts")) {
		x.verdicts = append(x.verdicts, d.verdict(v))
	}
	for _, c := range d.List(o.At("indicators")) {
		x.cells = append(x.cells, d.cell(c))
	}
	links := d.Object(o.At("links"), "dockets", "chains", "unlinked")
	x.links = Links{
		Dockets: uint64(d.Number(links.At("dockets"))), Chains: uint64(d.Number(links.At("chains"))),
		Unlinked: uint64(d.Number(links.At("unlinked"))),
	}
	x.people, x.numbers, x.last = d.people, d.numbers, d.last
	return x
}

func (d *scenarioReader) base(n *yaml.Node) baseDays {
	b := baseDays{from: -1 << 30, to: 1 << 30}
	o := d.Object(n, "days", "from", "to", "months", "month_days", "weekdays", "before_as_of")
	for _, x := range d.List(o.At("days")) {
		b.listed = append(b.listed, d.day(x))
	}
	if o.Has("from") {
		b.from = d.day(o.At("from"))
	}
	if o.Has("to") {
		b.to = d.day(o.At("to"))
	}
	for _, x := range d.List(o.At("months")) {
		b.months = append(b.months, d.Number(x))
	}
	for _, x := range d.List(o.At("weekdays")) {
		b.weekdays = append(b.weekdays, slices.Index(weekdayNames, d.oneOf(x, weekdayNames...)))
	}
	b.monthDays = d.pair(o.At("month_days"))
	b.fromLegal = o.Has("before_as_of")
	b.before = d.pair(o.At("before_as_of"))
	if len(o.Keys) == 0 {
		d.Refuse(n, "no day is named", "list days, or give from, to, months, month_days, weekdays or before_as_of")
	}
	return b
}

func (d *scenarioReader) pair(n *yaml.Node) [2]int {
	if n == nil {
		return [2]int{}
	}
	items := d.List(n)
	if len(items) != 2 || d.Number(items[0]) > d.Number(items[1]) {
		d.Refuse(n, "not a least and a greatest number", "write [least, greatest]")
		return [2]int{}
	}
	return [2]int{d.Number(items[0]), d.Number(items[1])}
}

func (d *scenarioReader) cast(n *yaml.Node) {
	o := d.Object(n)
	for _, role := range o.Keys {
		p := d.Object(o.At(role), "juvenile", "born")
		d.people = append(d.people, casting{role: role, juvenile: d.Flag(p.At("juvenile")), born: d.integer(p.At("born"))})
	}
}

func (d *scenarioReader) series(n *yaml.Node) {
	o := d.Object(n)
	for _, name := range o.Keys {
		p := d.Object(o.At(name), "of", "word", "opaque", "at")
		d.Need(p, "of")
		d.numbers = append(d.numbers, series{name: name, of: d.role(p.At("of")), word: d.Text(p.At("word")), opaque: d.Flag(p.At("opaque")), at: d.integer(p.At("at"))})
	}
}

func (d *scenarioReader) verdict(n *yaml.Node) wantVerdict {
	o := d.Object(n, "rule", "outcome", "organ", "responsible", "over")
	d.Need(o, "rule", "outcome", "organ")
	v := wantVerdict{rule: d.Text(o.At("rule")), outcome: d.oneOf(o.At("outcome"), outcomesKnown()...), organ: d.role(o.At("organ"))}
	if v.named = o.Has("responsible"); v.named {
		v.responsible = d.role(o.At("responsible"))
	}
	if o.Has("over") {
		over := d.integer(o.At("over"))
		v.over = &over
	}
	return v
}

func (d *scenarioReader) cell(n *yaml.Node) wantCell {
	o := d.Object(n, "indicator", "organ", "at", "dim", "num", "den", "undetermined")
	d.Need(o, "indicator", "organ", "at")
	c := wantCell{
		indicator: d.Text(o.At("indicator")), organ: d.role(o.At("organ")), at: d.integer(o.At("at")), rate: o.Has("den"),
		num: d.integer(o.At("num")), den: d.integer(o.At("den")), und: d.Number(o.At("undetermined")),
	}
	if o.Has("dim") {
		c.dim = d.Text(o.At("dim"))
	}
	return c
}

func (d *scenarioReader) role(n *yaml.Node) role {
	return role(max(0, slices.Index(roleNames[:], d.oneOf(n, roleNames[:]...))))
}

func (d *scenarioReader) oneOf(n *yaml.Node, allowed ...string) string {
	v := d.Text(n)
	if v != "" && !slices.Contains(allowed, v) {
		d.Refuse(n, "unknown word "+strconv.Quote(v), "write one of "+strings.Join(allowed, ", "))
		return ""
	}
	return v
}

func (d *scenarioReader) integer(n *yaml.Node) int {
	if n == nil {
		return 0
	}
	v, err := strconv.Atoi(n.Value)
	if err != nil {
		d.Refuse(n, strconv.Quote(n.Value)+" is no whole number", "write a number such as 12 or -3")
	}
	return v
}

func (d *scenarioReader) fraction(n *yaml.Node) float64 {
	v, err := strconv.ParseFloat(d.Text(n), 64)
	if err != nil || v < 0 {
		d.Refuse(n, strconv.Quote(n.Value)+" is no share", "write a number that is not negative")
	}
	return v
}

var dayForm = regexp.MustCompile(`^([0-9]{4})-([0-9]{2})-([0-9]{2})$`)

func (d *scenarioReader) day(n *yaml.Node) day {
	m := dayForm.FindStringSubmatch(d.Text(n))
	if m == nil {
		d.Refuse(n, strconv.Quote(n.Value)+" is no day", "write YYYY-MM-DD")
		return none
	}
	y, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	dd, _ := strconv.Atoi(m[3])
	return dateOf(y, month, dd)
}
