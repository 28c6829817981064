package warehouse

import "errors"

// Code classifies an Error for the caller; one table in api maps codes to HTTP.
type Code string

// The codes of Error.
const (
	Invalid         Code = "invalid"         // the request or the data break a rule
	Unauthenticated Code = "unauthenticated" // nobody signed in
	Forbidden       Code = "forbidden"       // signed in, not granted
	NotFound        Code = "not_found"       // nothing there, or nothing this person may see
	Conflict        Code = "conflict"        // the state does not allow it
	TooMany         Code = "too_many"        // a limit was reached
	Unavailable     Code = "unavailable"     // a part is down or not ready
	Internal        Code = "internal"        // everything else; its text is only logged
)

// Error is a failure a caller can act on. Message is for the person and holds
// no SQL and no personal data; Err is for the log only.
type Error struct {
	Code    Code
	Message string // what is wrong and what to do
	Err     error
}

// Error returns the message for the person.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of the first *Error in the chain, Internal if there is none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}
