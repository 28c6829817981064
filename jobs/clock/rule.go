package clock

import (
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

// Rule is one version of a statutory time limit (办案期限规则), read from data.
// The exported fields are what people see of it.
type Rule struct {
	ID, Version string
	Name        Text
	Reading     Text // the reading (解释口径) that the rule follows where the law leaves several
	Severity    string
	ValidFrom   string // first day of validity, YYYY-MM-DD
	ValidTo     string // last day of validity, empty when open
	Transition  string // trigger_date, pending_from_validity, act_date or offence_date
	Source      string // where the transition is stated, or "no text found"
	Basis       []Basis
	Lead        int    // days before the due day from which it counts as due soon
	Record      string // record type whose records are the units
	Digest      string // hex SHA-256 of the file

	from, to   day
	transition string // event whose date decides, for act_date and offence_date
	events     []string
	context    []string
	applies    []condition
	doubt      []string
	custody    custody
	organ      string
	phases     []phase
	examples   []example
	cited      Text            // the basis in one line
	labels     map[string]Text // names of the events, from the contracts
	root       *yaml.Node
	file       string
}

// condition holds when an attribute of the unit's record has one of the values,
// or, with Not, has none of them or is missing.
type condition struct {
	Attribute string
	Values    []string
	Not       bool
}

// custody says whether the person is held (在押), which forbids rolling a last day.
type custody struct{ Mode, Attribute string }

// The modes of custody.
const (
	custodyAlways    = "always"
	custodyNever     = "never"
	custodyAttribute = "attribute"
)

// Where an event is sought.
const (
	inRecord      = "record"       // the unit's own record
	inDocket      = "docket"       // any record of the unit's docket
	inChainPerson = "chain_person" // any record of the same person in the case chain
	inChain       = "chain"        // any record of the case chain
	inTrigger     = "trigger"      // the record that carried the trigger
)

// sought names an event and where to look for it.
type sought struct {
	Event   string
	Ordinal int // 0 takes any
	In      string
}

// phase is one stretch of a limit: from a trigger to the first of its stops.
type phase struct {
	ID          string
	Name        Text
	Informative bool // a step for the reader, without weight in the outcome
	Trigger     sought
	Optional    bool // no trigger means the phase did not happen
	Requires    *requirement
	Stated      string // attribute with the due day that the document itself states
	Stops       []sought
	Implied     []sought // events that prove an earlier stop whose date is missing
	Limits      []limit
	Extensions  []extension
	Unclear     string // attribute that must say which extension was granted
	ExtendedBy  string // event that shows that some extension was granted
	Suspend     *suspension
	Marks       []mark
	Responsible responsible
}

// requirement lets a phase begin only when another one was stopped by an event.
type requirement struct {
	Phase string
	By    string
	Wait  int // days after that stop during which a missing trigger is not yet missing
}

// limit is a length that holds under conditions; the first that fits counts.
type limit struct {
	When []condition
	Span span
	Note Text
}

// extension (延长) lengthens or replaces the limit when its conditions hold.
type extension struct {
	Event    string // event that must exist inside the phase; empty: the conditions suffice
	When     []condition
	Add      span
	Days     *counted // days to add as the record states them
	Replace  *span    // the whole limit instead of an addition
	Document string   // attribute that must hold the number of the approval
	Open     bool     // the law states no end beyond it
	Note     Text
}

// counted is a number of days that the record itself states.
type counted struct {
	Attribute    string
	Max, Missing int
}

// suspension (中止) is a pair of events between which days do not count.
type suspension struct{ Event, Resume string }

// mark is an earlier point of a limit that the law also names.
type mark struct {
	Span span
	Note Text
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
type responsible struct{ Kind, Name string }

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
	Name     string
	Boundary bool
	AsOf     day
	Record   map[string]string // attributes of the unit's own record
	Events   []exampleEvent
	Want     map[string]string
	node     *yaml.Node
}

// exampleEvent is one event of an example.
type exampleEvent struct {
	Event      string
	Ordinal    int
	Day        day
	Minute     int
	In         string
	Attributes map[string]string
}
