package engine

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The bounds of a hello: a client name, a database, an account and a password
// are short, and no version number needs more.
const (
	maxHelloText   = 1024
	maxHelloNumber = 1 << 32
)

// hello is the first packet of a connection.
type hello struct {
	packet                      []byte // its bytes as received
	database, account, password string
}

// helloReader reads a hello and remembers its bytes.
type helloReader struct {
	from *bufio.Reader
	read []byte
	err  error
}

// readHello reads one whole hello (packet 0, client name, three numbers,
// database, account, password). Anything else is refused: the engine ends as a
// whole over a malformed one.
func readHello(from *bufio.Reader) (hello, error) {
	r := &helloReader{from: from}
	if kind := r.number(); r.err == nil && kind != 0 {
		return hello{}, fmt.Errorf("packet %d instead of a hello", kind)
	}
	r.text()
	for range 3 {
		r.number()
	}
	h := hello{database: r.text(), account: r.text(), password: r.text()}
	h.packet = r.read
	return h, r.err
}

// ReadByte reads and remembers one byte.
func (r *helloReader) ReadByte() (byte, error) {
	b, err := r.from.ReadByte()
	if err == nil {
		r.read = append(r.read, b)
	}
	return b, err
}

// number reads a variable-length number.
func (r *helloReader) number() uint64 {
	if r.err != nil {
		return 0
	}
	n, err := binary.ReadUvarint(r)
	if err == nil && n > maxHelloNumber {
		err = errors.New("a number too large for a hello")
	}
	r.err = err
	return n
}

// text reads a text preceded by its length.
func (r *helloReader) text() string {
	size := r.number()
	if r.err == nil && size > maxHelloText {
		r.err = errors.New("a text too long for a hello")
	}
	if r.err != nil {
		return ""
	}
	start := len(r.read)
	r.read = append(r.read, make([]byte, size)...)
	_, r.err = io.ReadFull(r.from, r.read[start:])
	return string(r.read[start:])
}
