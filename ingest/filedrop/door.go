package filedrop

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// States of a posted package.
const (
	StatePartial = "partial" // Bytes of it came, the rest is waited for
	StateArrived = "arrived" // whole and checked, not let in yet
	StateWaiting = "waiting" // let in; the watcher takes it at its next look
	StateTaken   = "taken"   // every record stands in a log, accepted or quarantined
	StateRefused = "refused" // refused whole: no record of it was read
)

// folders of a door inside the watched folder. Nothing in them ends in .zip at
// the top, so the watcher sees a package only when it is let in.
const (
	arriving = "arriving"
	posted   = "posted"
	partial  = "partial"
)

var digestForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Door (接收口) takes packages that are posted: streamed to the disk, checked
// whole, and only then let into the watched folder, or gone without a trace but
// for the reason. The digest of the zip's bytes names a package: posting it
// again gives the same answer and reads nothing twice.
type Door struct {
	folder    string
	keys      Keys
	catalogue *contract.Catalogue
	db        *warehouse.DB
	now       func() time.Time
	mu        sync.Mutex
	arrived   map[string]Posted // by ticket
	coming    map[string]bool   // names of partial packages that bytes are coming for
}

// Posted says what is known of a package that was posted.
type Posted struct {
	Digest   string // hex SHA-256 of the zip's bytes
	By       string // account that posted it first
	State    string
	Bytes    int64
	Received time.Time
	Manifest string // digest of the manifest, the identity of what it holds
	Package  string // the sender's own number
	Sender   string
	Signed   bool
	Members  []MemberResult
	Refusals []Refusal
	Ticket   string `json:"-"` // of one arrival: what Admit and Discard take
}

// NewDoor prepares the folders and removes what a killed process left half-written.
func NewDoor(folder string, keys Keys, catalogue *contract.Catalogue, db *warehouse.DB, now func() time.Time) (*Door, error) {
	if err := os.RemoveAll(filepath.Join(folder, arriving)); err != nil {
		return nil, fmt.Errorf("clear what arrived by half: %w", err)
	}
	for _, name := range []string{arriving, posted, partial} {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o700); err != nil {
			return nil, fmt.Errorf("prepare the folder of packages: %w", err)
		}
	}
	return &Door{folder: folder, keys: keys, catalogue: catalogue, db: db, now: now, arrived: map[string]Posted{}, coming: map[string]bool{}}, nil
}

// source remembers how reading ended, so that a broken upload is told from a full disk.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// upload copies what comes to dst, behind the bytes that came before; the error
// says whether the sender or this disk ended it.
func upload(dst io.Writer, body io.Reader, before int64) (int64, error) {
	in := &source{r: body}
	n, err := io.Copy(dst, in)
	switch {
	case in.err != nil:
		return n, fmt.Errorf("the upload broke off after %d bytes: %w", before+n, in.err)
	case err != nil:
		return n, unwritable(err)
	}
	return n, nil
}

func unwritable(err error) error {
	return &warehouse.Error{Code: warehouse.Unavailable, Message: "the package cannot be written to this disk", Err: err}
}

// letIn finds a package that was let in already.
func (d *Door) letIn(ctx context.Context, digest string) (Posted, bool) {
	before, err := d.Posted(ctx, digest)
	return before, err == nil && (before.State == StateWaiting || before.State == StateTaken)
}

// Receive streams a package to the disk and checks all of it. want is the digest
// that its sender names, "" for none; by is who posts. A refused package stands with its reasons
// in the answer, its bytes are gone; of a whole one the state is arrived until
// Admit or Discard. The error of body, wrapped, when the upload broke off;
// Unavailable when this disk cannot hold it.
func (d *Door) Receive(ctx context.Context, body io.Reader, want, by string) (p Posted, err error) {
	file, err := os.CreateTemp(filepath.Join(d.folder, arriving), "*.part")
	if err != nil {
		return p, fmt.Errorf("receive a package: %w", err)
	}
	defer func() {
		file.Close() //nolint:errcheck // it was synced, or goes away
		if err != nil || p.State != StateArrived {
			os.Remove(file.Name()) //nolint:errcheck // the next start clears the folder
		}
	}()
	h := sha256.New()
	n, err := upload(io.MultiWriter(file, h), io.LimitReader(body, maxPackage+1), 0)
	if err != nil {
		return p, err
	}
	p = Posted{Digest: hex.EncodeToString(h.Sum(nil)), By: by, State: StateArrived, Bytes: n, Received: d.now(), Ticket: filepath.Base(file.Name())}
	return d.check(ctx, file, p, want)
}

// check looks whether a whole package may come in: its bytes are those that were
// meant, it was not let in before, and every part of it is as it must be.
func (d *Door) check(ctx context.Context, file *os.File, p Posted, want string) (Posted, error) {
	if want != "" && want != p.Digest {
		// Nothing is noted under either digest: these bytes are not what was meant.
		p.State, p.Refusals = StateRefused, []Refusal{{EN: "its digest is not the one that was named: it was changed on the way", ZH: "摘要与所报不符，传输中被改动"}}
		return p, nil
	}
	if before, is := d.letIn(ctx, p.Digest); is {
		return before, nil
	}
	if err := file.Sync(); err != nil {
		return p, unwritable(err)
	}
	o, err := Open(file, p.Bytes, d.keys)
	if o != nil {
		p.Manifest, p.Package, p.Sender, p.Signed = o.Digest, o.Manifest.Package, o.Manifest.Sender, o.Signed
	}
	if err == nil {
		err = o.readable(d.catalogue)
	}
	if p.Refusals = Refusals(err); err != nil && len(p.Refusals) == 0 {
		return p, fmt.Errorf("check the package: %w", err)
	}
	if len(p.Refusals) > 0 {
		p.State = StateRefused
		return p, d.note(p)
	}
	for _, m := range o.Manifest.Members {
		p.Members = append(p.Members, MemberResult{Name: m.Name, RecordType: m.RecordType, Stream: o.stream(m)})
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.arrived[p.Ticket] = p
	return p, nil
}

// Admit lets an arrived package in. NotFound for a ticket that was used.
func (d *Door) Admit(ticket string) (Posted, error) {
	p, err := d.leave(ticket)
	if err != nil {
		return p, err
	}
	p.State = StateWaiting
	if err := d.note(p); err != nil {
		return p, err
	}
	if err := os.Rename(filepath.Join(d.folder, arriving, ticket), d.inside(p)); err != nil {
		return p, fmt.Errorf("let the package in: %w", err)
	}
	return p, syncFolder(d.folder)
}

// Discard removes an arrived package that may not come in; nothing when the
// ticket is of none.
func (d *Door) Discard(ticket string) error {
	if _, err := d.leave(ticket); err != nil {
		return nil
	}
	return os.Remove(filepath.Join(d.folder, arriving, ticket))
}

// leave takes an arrival off the list.
func (d *Door) leave(ticket string) (Posted, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.arrived[ticket]
	if !ok {
		return p, &warehouse.Error{Code: warehouse.NotFound, Message: "no package arrived under this ticket"}
	}
	delete(d.arrived, ticket)
	return p, nil
}

func (d *Door) inside(p Posted) string { return filepath.Join(d.folder, p.Digest+".zip") }

// Posted says what became of the package with that digest, with the counts of
// each member as its log has them now. NotFound when none was posted.
func (d *Door) Posted(ctx context.Context, digest string) (Posted, error) {
	var p Posted
	missing := &warehouse.Error{Code: warehouse.NotFound, Message: "no package of this digest was posted"}
	if !digestForm.MatchString(digest) {
		return p, missing
	}
	text, err := os.ReadFile(filepath.Join(d.folder, posted, digest+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return p, missing
	}
	if err != nil {
		return p, fmt.Errorf("read what was posted: %w", err)
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return p, fmt.Errorf("read what was posted: %w", err)
	}
	if p.State == StateRefused {
		return p, nil
	}
	return p, d.follow(ctx, &p)
}

// follow looks where a package that was let in stands.
func (d *Door) follow(ctx context.Context, p *Posted) error {
	// Looked for first: the watcher moves a package away only after its streams are
	// registered or its refusal is written, so what is gone now is found below.
	_, gone := os.Stat(d.inside(*p))
	done := 0
	for i := range p.Members {
		m := &p.Members[i]
		// Registered first: what is registered then has all its rows in the log.
		var registered uint64
		if err := d.db.QueryRow(ctx, "SELECT count() FROM stream WHERE stream = {stream:String}", warehouse.Param("stream", m.Stream)).Scan(&registered); err != nil {
			return fmt.Errorf("look whether %s was taken: %w", m.Name, err)
		}
		err := d.db.QueryRow(ctx, "SELECT count(), countIf(status = 'accepted') FROM `log_"+m.RecordType+"` WHERE stream = {stream:String}", warehouse.Param("stream", m.Stream)).Scan(&m.Counts.Read, &m.Counts.Accepted)
		if err != nil {
			return fmt.Errorf("count the records of %s: %w", m.Name, err)
		}
		m.Counts.Quarantined = m.Counts.Read - m.Counts.Accepted
		done += int(min(registered, 1))
	}
	if done == len(p.Members) {
		p.State = StateTaken
		return nil
	}
	// The contracts may have changed between the post and the look of the watcher.
	if text, err := os.ReadFile(filepath.Join(d.folder, "refused", p.Digest+".txt")); err == nil {
		p.State, p.Refusals = StateRefused, []Refusal{{EN: string(text), ZH: string(text)}}
		return nil
	}
	if gone != nil {
		// Noted, and then the process was killed before it was let in.
		return &warehouse.Error{Code: warehouse.NotFound, Message: "the package did not come in whole: post it again"}
	}
	return nil
}

// note keeps what is known of a package under its digest, whole or not at all.
func (d *Door) note(p Posted) error {
	text, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("note the package: %w", err)
	}
	file, err := os.CreateTemp(filepath.Join(d.folder, arriving), "*.json")
	if err != nil {
		return fmt.Errorf("note the package: %w", err)
	}
	_, err = file.Write(text)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), filepath.Join(d.folder, posted, p.Digest+".json"))
	}
	if err != nil {
		return fmt.Errorf("note the package: %w", err)
	}
	return nil
}

// syncFolder makes renames in a folder last.
func syncFolder(name string) error {
	folder, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("make the package last: %w", err)
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil {
		return fmt.Errorf("make the package last: %w", err)
	}
	return nil
}
