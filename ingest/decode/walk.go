package decode

import "unicode/utf8"

// Walker walks the members of an envelope and of its payload as a Decoder does,
// and stores nothing; its speed is that of the scanner alone. It serves one
// goroutine.
type Walker struct {
	scanner scanner
	members int
	each    func(key, value token) bool
}

// NewWalker returns a walker.
func NewWalker() *Walker {
	w := &Walker{}
	w.each = func(_, _ token) bool {
		w.members++
		return true
	}
	return w
}

// Walk counts the members of a message and of its payload; false when it is not
// strict JSON in UTF-8, or nested too deeply.
func (w *Walker) Walk(message []byte) (members int, ok bool) {
	w.members = 0
	w.scanner = scanner{b: message, inner: w.each, began: func() {}}
	if !utf8.Valid(message) || w.scanner.next() != '{' || !w.scanner.members(1, w.each) {
		return w.members, false
	}
	w.scanner.space()
	return w.members, w.scanner.i == len(message)
}
