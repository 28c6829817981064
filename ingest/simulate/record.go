package simulate

// The record types (记录类型) that the simulator sends, in the order of their topics.
const (
	typeOrgan = iota
	typeCase
	typePerson
	typeMeasure
	typeReview
	typeDecision
	typeTrial
	typeChange
	typeDocument
	typeCount
)

var typeNames = [typeCount]string{
	"organ", "case", "person_in_case", "coercive_measure", "arrest_review",
	"prosecution_decision", "trial", "sentence_change", "supervision_document",
}

// tri is a yes, a no, or not sent.
type tri uint8

const (
	unsaid tri = iota
	yes
	no
)

func triOf(b bool) tri {
	if b {
		return yes
	}
	return no
}

// number is a document number (文书号): whose, which word, year and serial.
type number struct {
	form   form
	prefix string // the issuing organ's word
	word   string // the kind of document
	year   int
	serial uint64
}

// form is how a number is written.
type form uint8

const (
	absent    form = iota
	bracketed      // 浙01检刑诉〔2024〕12号
	courtForm      // （2024）浙01刑初12号
	opaque         // A330100202400000012
)

// quote is a number as another organ types it (引用): how is bits of habit.
type quote struct {
	of       number
	how      uint16
	mistyped bool
}

// person is one human of a chain.
type person struct {
	name      string
	county    string // never-allocated county code
	birth     day
	seq       int
	male      bool
	juvenile  bool
	official  bool
	plea      bool
	foreign   bool
	detained  bool
	custody   bool   // in custody from the arrest on
	gone      bool   // left the chain (not prosecuted)
	firstTerm int    // months of the sentence, 0 none
	human     uint64 // who this is in the whole country
	arrested  day    // when the arrest was executed or decided, or none
}

// caseRecord is a docket (案件).
type caseRecord struct {
	organ                   *organ
	kind                    string
	num                     number
	charge                  charge
	opened, closed          day
	reason                  string
	from                    *organ
	ref                     quote
	requested, transferred  day
	requestNum, transferNum number
	juvenile, enterprise    bool
}

// personRecord is a person entry (涉案人).
type personRecord struct {
	organ  *organ
	kind   string
	num    number
	no     string
	person int // index into chain.people
	role   string
	id     idForm
	name   string // as written
	birth  day    // as written, or none
	lent   uint8  // 1 + index of the co-defendant whose number is written
	place  uint8  // of the wrong digit
	digit  uint8  // what is added to it
}

// idForm is how the resident identity number (公民身份号码) is sent.
type idForm uint8

const (
	idGood idForm = iota
	idMissing
	idBadCheck
	idLegacy // 15 digits
	idMistyped
	idExchanged // two neighbouring digits
)

// measureRecord is a coercive measure (强制措施).
type measureRecord struct {
	organ                    *organ
	measure                  string
	kind                     string // docket kind
	num                      number // docket
	doc                      number
	no                       string // person number
	serial                   uint64
	slot                     byte
	decided, executed, ended day
	minute                   int
	endReason                string
	extended                 day
	class                    string
	days                     int // -1 not sent
	approver                 string
	extensionDoc             number
}

// reviewRecord is an arrest review (审查逮捕).
type reviewRecord struct {
	organ                        *organ
	who                          int // index into chain.people
	num                          number
	no                           string
	accepted                     day
	custody                      tri
	decision, refusal            string
	decided, receipt             day
	reconsidered, reconsideredBy day
	changed                      tri
}

// decisionRecord is a prosecution decision (审查起诉决定).
type decisionRecord struct {
	organ              *organ
	who                int // index into chain.people
	num                number
	no                 string
	accepted           day
	custody            tri
	procedure          string
	overYear           tri
	extended           day
	extensionDoc       number
	returned, resubmit [2]day
	decision           string
	decided            day
	decisionDoc        number
	recommendation     string
	plea, supplemented tri // the latter: by the procuratorate itself (自行补充侦查)
	approved           day // by the upper procuratorate, or none
}

// trialRecord is a trial (审判).
type trialRecord struct {
	organ                             *organ
	who                               int // index into chain.people
	kind                              string
	num                               number
	no                                string
	prosecutor                        *organ
	origin, procedure                 string
	filed                             day
	custody                           tri
	hearing, extended                 day
	approver                          string
	extensionDoc                      number
	suspended, resumed, judged, serve day
	effective                         day // none where no execution is planned
	result, sentence                  string
	months, fine                      int
	probation, adopted                tri
}

// changeRecord is a sentence change (刑罚变更执行).
type changeRecord struct {
	organ, requester                    *organ
	num                                 number
	no, kind                            string
	requested, published, ruled, served day
	original, executed, reduction       int
	strict                              bool
	opinion                             string
}

// documentRecord is a supervision document (监督文书).
type documentRecord struct {
	organ, target                *organ
	num                          number
	kind, matter                 string
	issued, served, due, replied day
	adopted                      tri
	corrected, urged, escalated  day
	persons                      int // -1 not sent
}

// sending is one record on its way: which, when, and what goes wrong with it.
type sending struct {
	kind  uint8 // record type
	index int32 // in the chain's slice of that type
	fact  day   // date of business_time
	sent  day
	fault fault
	shift day // how far the wrong date of a correction or conflict lies off
	bad   badness
}

// chain is one planned case chain (案链), reused from chain to chain.
type chain struct {
	index       uint64
	area        *area
	compartment string
	juvenile    bool
	enterprise  bool
	charge      charge
	people      []person
	cases       []caseRecord
	persons     []personRecord
	measures    []measureRecord
	reviews     []reviewRecord
	decisions   []decisionRecord
	trials      []trialRecord
	changes     []changeRecord
	documents   []documentRecord
	sendings    []sending
	verdicts    []plannedVerdict
	cells       []plannedCell
	unlinked    int
	want        tri // custody that a chain anchored later needs
	noted       [noteCount]int
}

func (c *chain) reset(i uint64) {
	*c = chain{
		index: i, people: c.people[:0], cases: c.cases[:0], persons: c.persons[:0], measures: c.measures[:0],
		reviews: c.reviews[:0], decisions: c.decisions[:0], trials: c.trials[:0], changes: c.changes[:0],
		documents: c.documents[:0], sendings: c.sendings[:0], verdicts: c.verdicts[:0], cells: c.cells[:0],
	}
}

func (c *chain) send(kind uint8, n int, fact day) {
	c.sendings = append(c.sendings, sending{kind: kind, index: int32(n - 1), fact: fact})
}
