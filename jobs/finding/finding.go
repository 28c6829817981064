// Package finding owns the life of findings (监督线索): what people did about a
// verdict, and what becomes of it when the data change. It promises that history
// is only ever appended, that each act follows from the status before it, and
// that a verdict which the data no longer support never vanishes silently. It
// never judges, and never says that something is unlawful: a document does.
package finding

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"hengjian/warehouse"
)

// The statuses of a finding.
const (
	Fresh          = "new"               // 新发现
	UnderReview    = "under_review"      // 核查中
	DocumentIssued = "document_issued"   // 已发监督文书
	Replied        = "replied"           // 已回复
	Rectified      = "rectified"         // 已纠正
	Closed         = "closed"            // 已办结
	Dismissed      = "dismissed"         // 经核查排除
	Withdrawn      = "withdrawn_by_data" // 数据更正后撤回
)

// Statuses lists every status in the order of a finding's life.
func Statuses() []string {
	return []string{Fresh, UnderReview, DocumentIssued, Replied, Rectified, Closed, Dismissed, Withdrawn}
}

// BasisChanged is what an issuer must look at: a document was issued and the data
// no longer support it (依据已变).
const BasisChanged = "basis_changed"

// The acts of people and, marked so, of the data.
const (
	Take          = "taken"
	IssueDocument = "document_issued"
	Reply         = "replied"
	Rectify       = "rectified"
	Close         = "closed"
	Dismiss       = "dismissed"
	Reopen        = "reopened"
	Note          = "noted"
	KeepBasis     = "basis_kept"        // the document stands although its basis changed
	Revoke        = "document_revoked"  // it is taken back
	withdraw      = "withdrawn_by_data" // by the data
	changeBasis   = "basis_changed"     // by the data
	restore       = "restored"          // by the data: the verdict is back
)

// machine is who acted when the data did.
const machine = "data"

// Reasons lists why a finding may be dismissed: what precision by rule counts.
func Reasons() []string {
	return []string{"data_error", "rule_error", "lawful_exception", "duplicate", "other"}
}

// Verdict is what of a verdict its life must keep, so that it outlives it.
type Verdict struct {
	Finding, Rule, Outcome, Run     string
	Organ, Responsible, Compartment string
	Docket, Record                  string
}

// Act is what a person wants to do about a finding.
type Act struct {
	Verdict      Verdict
	Kind, Person string
	After        uint32 // the sequence the person has seen last; another one since is a conflict
	Note, Reason string
	DocumentKind string // recommendation, correction_notice or another kind of supervision document
	DocumentNo   string
	Addressee    string    // organ id; empty takes the responsible organ
	ReplyDue     time.Time // day that the document states, zero if it states none
	On           time.Time // day on which it happened, zero for the day of the act
	Evidence     string    // record or document that proves a reply or a rectification
}

// Event is one entry of a finding's history.
type Event struct {
	Verdict
	Kind, Person, Note        string
	At                        time.Time
	Sequence                  uint32
	Status, Attention, Reason string
	DocumentKind, DocumentNo  string
	Addressee, Issuer         string
	ReplyDue, On              *time.Time
	Evidence                  string
}

// move is what an act does to a status.
type move struct {
	from []string
	to   string // "" keeps the status
	asks []string
}

// moves are the acts of people: from which status, to which, and what they need.
func moves() map[string]move {
	return map[string]move{
		Take:          {[]string{Fresh}, UnderReview, nil},
		IssueDocument: {[]string{UnderReview}, DocumentIssued, []string{"document_kind", "document_number"}},
		Reply:         {[]string{DocumentIssued}, Replied, []string{"evidence"}},
		Rectify:       {[]string{Replied}, Rectified, []string{"evidence"}},
		Close:         {[]string{Rectified}, Closed, nil},
		Dismiss:       {[]string{Fresh, UnderReview}, Dismissed, []string{"reason", "note"}},
		Reopen:        {[]string{Dismissed, Closed, Withdrawn}, UnderReview, []string{"note"}},
		Note:          {Statuses(), "", []string{"note"}},
		KeepBasis:     {[]string{DocumentIssued, Replied, Rectified, Closed}, "", []string{"note"}},
		Revoke:        {[]string{DocumentIssued, Replied, Rectified, Closed}, Dismissed, []string{"note"}},
	}
}

// Acts lists every act of people.
func Acts() []string {
	return []string{Take, IssueDocument, Reply, Rectify, Close, Dismiss, Reopen, Note, KeepBasis, Revoke}
}

// Possible lists the acts that may follow a status.
func Possible(status, attention string) []string {
	out := []string{}
	all := moves()
	for _, kind := range Acts() {
		if allowed(all[kind], kind, status, attention) {
			out = append(out, kind)
		}
	}
	return out
}

// allowed reports whether an act may follow; a changed basis must be looked at by
// keeping or revoking the document.
func allowed(m move, kind, status, attention string) bool {
	if (kind == KeepBasis || kind == Revoke) && attention != BasisChanged {
		return false
	}
	return slices.Contains(m.from, status)
}

// next is the event that an act makes of what stood before; Invalid when
// something is missing, Conflict when the status does not allow it.
func next(before Event, a Act, now time.Time) (Event, error) {
	m, known := moves()[a.Kind]
	if !known {
		return Event{}, invalid("there is no act %q: write one of %s", a.Kind, strings.Join(Acts(), ", "))
	}
	status := before.Status
	if status == "" {
		status = Fresh
	}
	if before.Sequence != a.After {
		return Event{}, &warehouse.Error{Code: warehouse.Conflict, Message: fmt.Sprintf("somebody acted on this finding meanwhile (entry %d): read it again", before.Sequence)}
	}
	if !allowed(m, a.Kind, status, before.Attention) {
		return Event{}, &warehouse.Error{Code: warehouse.Conflict, Message: fmt.Sprintf("a finding that is %s cannot be %s: possible are %s", status, a.Kind, strings.Join(Possible(status, before.Attention), ", "))}
	}
	given := map[string]string{
		"document_kind": a.DocumentKind, "document_number": a.DocumentNo, "evidence": a.Evidence, "reason": a.Reason, "note": a.Note,
	}
	for _, name := range m.asks {
		if strings.TrimSpace(given[name]) == "" {
			return Event{}, invalid("%s needs %s", a.Kind, name)
		}
	}
	if a.Kind == Dismiss && !slices.Contains(Reasons(), a.Reason) {
		return Event{}, invalid("the reason %q is not one of %s", a.Reason, strings.Join(Reasons(), ", "))
	}
	e := Event{
		Verdict: a.Verdict, Kind: a.Kind, Person: a.Person, Note: a.Note, At: now, Sequence: before.Sequence + 1, Status: m.to,
		Attention: before.Attention, Reason: a.Reason, DocumentKind: before.DocumentKind, DocumentNo: before.DocumentNo,
		Addressee: before.Addressee, Issuer: before.Issuer, ReplyDue: before.ReplyDue, On: day(a.On), Evidence: a.Evidence,
	}
	switch a.Kind {
	case IssueDocument:
		e.DocumentKind, e.DocumentNo, e.Addressee, e.Issuer, e.ReplyDue = a.DocumentKind, a.DocumentNo, a.Addressee, a.Person, day(a.ReplyDue)
		if e.Addressee == "" {
			e.Addressee = a.Verdict.Responsible
		}
	case KeepBasis:
		e.Attention = ""
	case Revoke:
		e.Attention, e.Reason = "", BasisChanged
	}
	if e.Status == "" {
		e.Status = status
	}
	return e, nil
}

// day is a pointer for a column that may be empty.
func day(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func invalid(format string, args ...any) error {
	return &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf(format, args...)}
}
