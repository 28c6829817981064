package loader

// Point names a moment in the life of a block.
type Point uint8

// The points in their order; a block passes Sending and Unanswered once per attempt.
const (
	Decoded    Point = iota // the block is built, nothing is sent
	Sending                 // the INSERT is registered and the epoch checked, the rows are about to leave
	Unanswered              // the server has answered, we have not taken note
	Answered                // the position has moved
	numPoints
)

// Batch describes the block at a Point.
type Batch struct {
	Topic   string
	Token   string // the same over all attempts
	Rows    int
	Attempt int // from 1; 0 at Decoded
}

// Hooks let a test stop or fail the loader; an error of Reach ends Run there.
// The zero value costs one nil check.
type Hooks struct {
	Reach func(Point, Batch) error
}

// hookError carries the error of a hook to the end of Run.
type hookError struct{ err error }

// Error returns the hook's text.
func (e *hookError) Error() string { return "hook: " + e.err.Error() }

// Unwrap returns the hook's error.
func (e *hookError) Unwrap() error { return e.err }

func (h Hooks) reach(p Point, b Batch) error {
	if h.Reach == nil {
		return nil
	}
	if err := h.Reach(p, b); err != nil {
		return &hookError{err}
	}
	return nil
}
