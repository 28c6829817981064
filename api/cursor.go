package api

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// cursorKey signs cursors; it is drawn per start, so a cursor ends with it.
type cursorKey [32]byte

// newCursorKey draws a key.
func newCursorKey() cursorKey {
	var k cursorKey
	rand.Read(k[:]) //nolint:errcheck // never fails by its contract
	return k
}

// cursor is where the next page begins: in which run, after which row, under
// which filters and scope.
type cursor struct {
	Run    string   `json:"r"`
	After  []string `json:"a"`
	Filter string   `json:"f"`
}

// filterDigest binds a cursor to operation, filters and scope.
func filterDigest(who caller, parts ...string) string {
	sum := sha256.Sum256([]byte(who.Digest() + "\x00" + strings.Join(parts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// write signs a cursor.
func (k cursorKey) write(c cursor) string {
	body, err := json.Marshal(c)
	if err != nil {
		return ""
	}
	mac := hmac.New(sha256.New, k[:])
	mac.Write(body)
	return base64.RawURLEncoding.EncodeToString(append(mac.Sum(nil)[:16], body...))
}

// read checks a cursor against the filters; bad_cursor for any other.
func (k cursorKey) read(text, filter string, places int) (cursor, error) {
	var c cursor
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) < 16 {
		return c, &failure{code: "bad_cursor", err: err}
	}
	mac := hmac.New(sha256.New, k[:])
	mac.Write(raw[16:])
	if !hmac.Equal(mac.Sum(nil)[:16], raw[:16]) || json.Unmarshal(raw[16:], &c) != nil || c.Filter != filter || len(c.After) != places {
		return c, &failure{code: "bad_cursor"}
	}
	return c, nil
}
