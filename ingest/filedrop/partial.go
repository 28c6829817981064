package filedrop

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hengjian/warehouse"
)

// Limits of packages that come in pieces.
const (
	partialKept  = 24 * time.Hour // after the last byte
	partialsEach = 4              // per account at a time
)

// Piece is a run of bytes of a package that comes in pieces (断点续传). Digest is
// the hex SHA-256 of the whole package, From where the run begins, Total the size
// of the whole.
type Piece struct {
	Digest, By  string
	From, Total int64
}

// Continue adds the bytes of body to a package that comes in pieces. What came is
// kept when the upload breaks off: the state is partial and Bytes says where to go
// on, for a day. The last byte makes it whole; from there on it is as with
// Receive. Conflict when the piece does not begin where the bytes end, TooMany
// when this account has as many packages by halves as it may, the error of body
// when the upload broke off; the answer says Bytes in each case.
func (d *Door) Continue(ctx context.Context, body io.Reader, piece Piece) (p Posted, err error) {
	p = Posted{Digest: piece.Digest, By: piece.By, State: StatePartial, Received: d.now()}
	if !digestForm.MatchString(piece.Digest) || piece.Total < 1 || piece.Total > maxPackage || piece.From < 0 || piece.From >= piece.Total {
		return p, &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("a piece begins inside its package, which has at most %d bytes", maxPackage)}
	}
	if before, is := d.letIn(ctx, piece.Digest); is {
		return before, nil
	}
	name := d.half(piece.Digest, piece.By)
	if !d.begin(name) {
		return p, &warehouse.Error{Code: warehouse.Conflict, Message: "bytes of this package are just coming in: wait until that upload has ended"}
	}
	defer d.end(name)
	if p.Bytes = d.held(name); p.Bytes == 0 {
		if err := d.room(piece.By); err != nil {
			return p, err
		}
	}
	if piece.From != p.Bytes {
		return p, &warehouse.Error{Code: warehouse.Conflict, Message: fmt.Sprintf("%d bytes of this package are here: go on at byte %d", p.Bytes, p.Bytes)}
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return p, fmt.Errorf("receive a piece: %w", err)
	}
	defer file.Close() //nolint:errcheck // it was synced, or goes away
	n, err := upload(file, io.LimitReader(body, piece.Total-piece.From), p.Bytes)
	p.Bytes += n
	if synced := file.Sync(); err == nil && synced != nil {
		err = unwritable(synced)
	}
	if err != nil || p.Bytes < piece.Total {
		return p, err
	}
	return d.whole(ctx, file, p)
}

// whole moves a package whose last byte came to the arrivals, and checks it.
func (d *Door) whole(ctx context.Context, file *os.File, p Posted) (_ Posted, err error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(file, 0, p.Bytes)); err != nil {
		return p, fmt.Errorf("read the package: %w", err)
	}
	place, err := os.CreateTemp(filepath.Join(d.folder, arriving), "*.part")
	if err != nil {
		return p, fmt.Errorf("receive a package: %w", err)
	}
	place.Close() //nolint:errcheck // nothing was written
	if err := os.Rename(file.Name(), place.Name()); err != nil {
		return p, fmt.Errorf("receive a package: %w", err)
	}
	want := p.Digest
	p.Digest, p.State, p.Ticket = hex.EncodeToString(h.Sum(nil)), StateArrived, filepath.Base(place.Name())
	out, err := d.check(ctx, file, p, want)
	if err != nil || out.State != StateArrived {
		os.Remove(place.Name()) //nolint:errcheck // the next start clears the folder
	}
	return out, err
}

// Held says how many bytes of a package an account has sent in pieces, 0 for none.
func (d *Door) Held(digest, by string) int64 {
	if !digestForm.MatchString(digest) {
		return 0
	}
	return d.held(d.half(digest, by))
}

func (d *Door) held(name string) int64 {
	info, err := os.Stat(name)
	if err != nil {
		return 0
	}
	return info.Size()
}

// half is the file of an account's bytes of a package; others cannot add to it.
func (d *Door) half(digest, by string) string {
	return filepath.Join(d.folder, partial, accountMark(by)+"-"+digest)
}

func accountMark(by string) string {
	sum := sha256.Sum256([]byte(by))
	return hex.EncodeToString(sum[:8])
}

// room forgets what nobody went on with for a day, and counts what is left of an
// account.
func (d *Door) room(by string) error {
	files, err := os.ReadDir(filepath.Join(d.folder, partial))
	if err != nil {
		return fmt.Errorf("list the packages by halves: %w", err)
	}
	var problems []error
	left := 0
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			continue // it has just become whole
		}
		if d.now().Sub(info.ModTime()) > partialKept {
			problems = append(problems, os.Remove(filepath.Join(d.folder, partial, f.Name())))
		} else if strings.HasPrefix(f.Name(), accountMark(by)+"-") {
			left++
		}
	}
	if left >= partialsEach {
		return &warehouse.Error{Code: warehouse.TooMany, Message: fmt.Sprintf("%d packages of this account are here by halves: end one, or wait a day", left)}
	}
	return errors.Join(problems...)
}

// begin takes a file for one upload; false when another has it.
func (d *Door) begin(name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.coming[name] {
		return false
	}
	d.coming[name] = true
	return true
}

func (d *Door) end(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.coming, name)
}
