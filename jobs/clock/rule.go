package clock

import (
	"slices"
	"strconv"

	"gopkg.in/yaml.v3"
)

// Text is one sentence in both languages of the product.
type Text struct{ ZH, EN string }

// Basis is one article (法律依据) a rule rests on, summarised in our own words.
type Basis struct {
	Law, Version, Article string
	Summary               Text
	Unverified            bool // the number is from memory and not checked against the text
}

// Source (来源) names one of several texts that state different numbers; versions
// of one rule with different sources hold side by side.
type Source struct {
	ID   string
	Name Text
}

// Rule is one version of a statutory rule (办案期限规则), read from data: a time
// limit in phases, or a compliance check. The exported fields are what people see
// of it.
type Rule struct {
	ID, Version string
	Source      Source // empty unless several sources stand side by side
	Name        Text
	Reading     Text // the reading (解释口径) that the rule follows where the law leaves several
	Severity    string
	ValidFrom   string // first day of validity, YYYY-MM-DD
	ValidTo     string // last day of validity, empty when open
	Transition  string // trigger_date, pending_from_validity, act_date or offence_date
	Alternative string // a second defensible transition, empty when there is none
	Transitions string // where the transition is stated, or "no text found"
	Basis       []Basis
	Lead        int    // days before the due day from which it counts as due soon
	Record      string // record type whose records are the units
	Route       string // by_level, upper or own: the way a document goes (规则 618)
	Document    string // the document (监督文书) the law provides for
	Digest      string // hex SHA-256 of the file
	BasisKind   string // law, configured or unverified: what its numbers rest on

	from, to  day
	decides   sought // event whose date decides, for act_date and offence_date
	decidesBy *ref   // or the date fact
	events    []uint16
	per       string
	applies   []condition
	facts     []fact
	doubt     []doubt
	custody   custody
	organ     string
	phases    []phase
	checks    []check
	examples  []example
	cited     Text // the basis in one line
	words     *vocabulary
	root      *yaml.Node
	file      string
}

// What one verdict is about.
const (
	perRecord = "record"
	perEvent  = "event"
	perPerson = "person"
)

// doubt is a value that is tried in every way while it is missing; "" stands for missing.
type doubt struct {
	Ref    ref
	Values []string
}

// custody says whether the person is held (在押), which forbids rolling a last day.
type custody struct {
	Mode string
	Ref  ref
}

// The modes of custody.
const (
	custodyAlways    = "always"
	custodyNever     = "never"
	custodyAttribute = "attribute"
)

// Where an event is sought.
const (
	inRecord       = "record"        // the unit's own record
	inUnit         = "unit"          // the very event that is the unit
	inTrigger      = "trigger"       // the record that carried the trigger
	inDocket       = "docket"        // any record of the unit's docket
	inDocketPerson = "docket_person" // any record of the same person in the docket
	inChainPerson  = "chain_person"  // any record of the same person in the case chain
	inChain        = "chain"         // any record of the case chain
)

// sought names an event and where to look for it.
type sought struct {
	Event   string
	Ordinal int // 0 takes any
	In      string
	Where   []condition // on the event's own attributes
	Last    bool        // the newest instead of the first
	From    *ref        // day on or after which
	Until   *ref        // day on or before which
	code    uint16
}

// phase is one stretch of a limit: from a trigger to the first of its stops.
type phase struct {
	ID          string
	Name        Text
	Informative bool // a step for the reader, without weight in the outcome
	When        []condition
	Each        bool // judged for every trigger
	Triggers    []sought
	Optional    bool // no trigger means the phase did not happen
	Requires    *requirement
	Deferred    *deferral
	Stated      ref // attribute with the due day that the document itself states
	Stops       []sought
	Implied     []sought // events that prove an earlier stop whose date is missing
	Limits      []limit
	Extensions  []extension
	Unclear     ref    // attribute that must say which extension was granted
	ExtendedBy  sought // event that shows that some extension was granted
	Suspend     []suspension
	Restarts    []restart
	Marks       []mark
	Responsible responsible
}

// requirement lets a phase begin only when another one was stopped by an event.
type requirement struct {
	Phase string
	By    []string
	Wait  int // days after that stop during which a missing trigger is not yet missing
}

// deferral lets a phase count only from Until when By has happened (身份不明的自查清之日起算).
type deferral struct {
	By, Until sought
	Note      Text
}

// The labels of a number that no verified text states.
const (
	labelNoNumber   = "no_number_in_law"
	labelUnverified = "unverified"
)

// What the numbers of a rule rest on: the text of the law; a value that is
// configured because the law states none; or a text that was not at hand, so that
// everything the rule says is provisional.
const (
	BasisLaw        = "law"
	BasisConfigured = "configured"
	BasisUnverified = "unverified"
)

// basisKind is the weakest of what the numbers of the rule rest on.
func (r *Rule) basisKind() string {
	kind := BasisLaw
	for _, p := range r.phases {
		for _, l := range p.Limits {
			switch {
			case l.Label == labelUnverified:
				return BasisUnverified
			case l.Label == labelNoNumber:
				kind = BasisConfigured
			}
		}
	}
	if slices.ContainsFunc(r.Basis, func(b Basis) bool { return b.Unverified }) {
		return BasisUnverified
	}
	return kind
}

// BasisText labels a kind in both languages; empty for the law itself.
func BasisText(kind string) Text {
	switch kind {
	case BasisConfigured:
		return Text{"法无明文数字，可配置", "no number in law, configurable"}
	case BasisUnverified:
		return Text{"来源未核实，可配置", "source unverified, configurable"}
	}
	return Text{}
}

// limit is a length that holds under conditions; the first that fits counts.
type limit struct {
	When      []condition
	Span      span
	Immediate bool  // 立即: on the very day, with Span as configured tolerance
	Unlimited bool  // the law states no end
	Also      *mark // a second source with another number
	Label     string
	Note      Text
}

// extension (延长) lengthens or replaces the limit when its conditions hold.
type extension struct {
	ID       string
	Event    *sought // event that must exist inside the phase; nil: the conditions suffice
	When     []condition
	After    string   // tier that must have been granted before
	Times    int      // how often it may be granted, 0 without end
	Add      span     // length added
	Days     *counted // days to add as the record states them
	Replace  *span    // the whole limit instead of an addition
	Approver *approver
	Document ref  // attribute that must hold the number of the approval
	Open     bool // the law states no end beyond it
	Note     Text
}

// approver is the attribute that names the level of the approving organ, and the
// levels that may approve.
type approver struct {
	Attribute ref
	Values    []string
}

// counted is a number of days that the record itself states.
type counted struct {
	Attribute    ref
	Max, Missing int
}

// suspension (中止) is a pair of events between which days do not count.
type suspension struct {
	Event, Resume sought
	Max           span // longest time not counted, zero without bound
	Note          Text
}

// restart (重新计算) is an event from which the phase counts anew.
type restart struct {
	Event sought
	Max   int // how often, 0 without bound
	Note  Text
}

// mark is an earlier point of a limit that the law also names, or a second source.
type mark struct {
	Span span
	Note Text
}

// check (合规检查) is a requirement that is not a time limit.
type check struct {
	ID          string
	Name        Text
	When        []condition
	On          *ref // day that it concerns
	Test        []condition
	Overlap     []condition // a case that two provisions both cover
	OverlapNote Text
	Note        Text
	Responsible responsible
}

// The ways to name the responsible organ.
const (
	responsibleOwn       = "own"
	responsibleOrgan     = "organ"
	responsibleTrigger   = "trigger"
	responsibleSystem    = "system"
	responsibleAttribute = "attribute"
)

// responsible says whose act a phase is: own, organ (the rule's organ), trigger
// (organ of the trigger's record), system (first organ of that system in the
// chain), attribute (organ id in an attribute) or nobody.
type responsible struct {
	Kind, Name string
	attr       uint16
}

// read returns the days to add: what the record states, within what the law allows.
func (c *counted) read(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return c.Missing
	}
	return min(n, c.Max)
}

// example is a worked example of a rule; loading runs it.
type example struct {
	Name   string
	AsOf   day
	Record map[string]string // attributes of the unit's own record
	Events []exampleEvent
	Want   map[string]string
	node   *yaml.Node
}

// exampleEvent is one event of an example.
type exampleEvent struct {
	Event      string
	Ordinal    int
	Day        day
	Minute     int
	In         string
	Record     string // events elsewhere with one name are one record
	Attributes map[string]string
}
