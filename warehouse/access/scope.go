package access

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// strictest is the compartment that stands for every unknown one.
const strictest = "secret"

// compartments are the compartments (隔离区) of records, open to strict.
var compartments = []string{"general", "juvenile", "juvenile_sealed", "supervisory", strictest}

// Compartments returns all compartments, from open to strict.
func Compartments() []string { return slices.Clone(compartments) }

// Account is a person's or a service's sign-in and what it was granted. Role is
// leadership, analyst, disclosure or steward; Slot is the database account that
// its queries run under; Organs are ids whose closures it may see.
type Account struct {
	Name, Role, Slot     string
	Organs, Compartments []string
}

// Scope is what one caller may see: a set of organs × a set of compartments. The
// zero Scope sees nothing.
type Scope struct {
	account      string
	everything   bool
	organs       map[string]bool
	ordered      []string
	compartments []string
	digest       string
}

// Job returns the scope of a batch job, which sees everything; only main makes one.
func Job(name string) Scope {
	return seal(Scope{account: name, everything: true, compartments: Compartments()})
}

// ScopeOf returns what an account may see: the closures of its organs and the
// compartments it was granted. Organs and compartments that do not exist grant nothing.
func (r *Register) ScopeOf(a Account) Scope {
	s := Scope{account: a.Name, organs: map[string]bool{}}
	for _, id := range a.Organs {
		for _, inside := range r.Closure(id) {
			s.organs[inside] = true
		}
	}
	s.ordered = r.inOrder(s.organs)
	for _, c := range compartments {
		if slices.Contains(a.Compartments, c) {
			s.compartments = append(s.compartments, c)
		}
	}
	return seal(s)
}

// seal computes the digest once.
func seal(s Scope) Scope {
	h := sha256.New()
	if s.everything {
		h.Write([]byte("everything"))
	}
	sorted := slices.Sorted(slices.Values(s.ordered))
	h.Write([]byte("\x00" + strings.Join(sorted, "\x01") + "\x00" + strings.Join(s.compartments, "\x01")))
	s.digest = hex.EncodeToString(h.Sum(nil))
	return s
}

// Account returns the name the scope belongs to.
func (s Scope) Account() string { return s.account }

// Everything reports whether the scope has no limits; then Organs is empty.
func (s Scope) Everything() bool { return s.everything }

// Organs returns the ids in administrative order.
func (s Scope) Organs() []string { return slices.Clone(s.ordered) }

// Compartments returns the granted compartments, from open to strict.
func (s Scope) Compartments() []string { return slices.Clone(s.compartments) }

// Allows reports whether a record of that organ and compartment may be seen. An
// unknown compartment counts as the strictest.
func (s Scope) Allows(organID, compartment string) bool {
	if s.everything {
		return true
	}
	if !slices.Contains(compartments, compartment) {
		compartment = strictest
	}
	return s.organs[organID] && slices.Contains(s.compartments, compartment)
}

// Digest returns the hex SHA-256 of what the scope allows; two accounts with
// equal rights have equal digests.
func (s Scope) Digest() string { return s.digest }
