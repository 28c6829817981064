// Package keeper owns the key process (密钥进程): it alone holds the linkage key,
// and answers batches of records, or of sealed records, with the keys of their
// parts over a socket that one account may use. It promises that every batch is in
// its audit before it is answered, that a caller cannot ask faster than the limits
// let, and that the only purpose is linkage. No clear value ever leaves it, and it
// never writes or logs one.
package keeper

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"hengjian/jobs/link/keyed"
	"hengjian/jobs/link/record"
	"hengjian/warehouse"
	"hengjian/warehouse/vault"
)

// Purpose is the only purpose for which keys are made.
const Purpose = "link"

// Bounds of one request.
const (
	maxRecords = 20_000
	maxBytes   = 64 << 20
)

// Config says where the key process lives.
type Config struct {
	Socket string // made with mode 0600
	Audit  string // file of the audit
	Master string // master key file, to open sealed records; "" when none will come
	Limits Limits
}

// Deps are the neighbours of the key process.
type Deps struct {
	Key func() (Key, error) // the key in force, read before every batch
	Now func() time.Time
	Log *slog.Logger
}

// Request is one batch of records, clear or sealed.
type Request struct {
	Purpose string
	Records []record.Raw
	Sealed  []Sealed
	Keys    []vault.Wrapped // of the sealed ones
	Phrases []string        // phrasebooks that sealed ones may need
}

// Sealed is a person entry as the warehouse keeps it.
type Sealed struct {
	Key        string // id of the data key
	Bytes      []byte
	Own, Cited string // its docket and the one it came from; no personal data
}

// Server is the key process.
type Server struct {
	config Config
	deps   Deps
	audit  *journal
	ledger ledger

	mu    sync.Mutex
	epoch uint32
	maker *keyed.Maker
}

// New opens the audit and reads the key; it serves nothing yet.
func New(c Config, d Deps) (*Server, error) {
	if d.Key == nil || d.Now == nil || d.Log == nil || c.Limits.Burst < 1 || c.Limits.Rate <= 0 {
		return nil, errors.New("configure the key process: key, clock, log and limits are needed")
	}
	audit, err := openJournal(c.Audit)
	if err != nil {
		return nil, err
	}
	s := &Server{config: c, deps: d, audit: audit, ledger: ledger{limits: c.Limits, of: map[string]*account{}}}
	return s, s.renew()
}

// renew reads the key in force; after a rotation the maker is a new one.
func (s *Server) renew() error {
	key, err := s.deps.Key()
	if err != nil {
		return err
	}
	if s.maker == nil || key.Epoch != s.epoch {
		if s.maker, err = keyed.NewMaker(key.Epoch, key.Secret); err != nil {
			return err
		}
		s.epoch = key.Epoch
	}
	return nil
}

// peer is the context key of the caller's credentials.
type peer struct{}

// Run listens until ctx ends; ready is called when callers may come.
func (s *Server) Run(ctx context.Context, ready func()) error {
	if len(s.config.Socket) > 100 {
		return &warehouse.Error{Code: warehouse.Invalid, Message: "the path of the key process's socket is longer than 100 bytes: name a shorter one"}
	}
	if info, err := os.Lstat(s.config.Socket); err == nil && info.Mode()&os.ModeSocket != 0 {
		if there, err := net.Dial("unix", s.config.Socket); err == nil {
			there.Close()
			return &warehouse.Error{Code: warehouse.Conflict, Message: "a key process serves " + s.config.Socket + " already"}
		}
		os.Remove(s.config.Socket) // left by a process that was killed
	}
	before := unix.Umask(0o177) // the socket is never open to others, not for a moment
	listener, err := (&net.ListenConfig{}).Listen(ctx, "unix", s.config.Socket)
	unix.Umask(before)
	if err != nil {
		return &warehouse.Error{Code: warehouse.Unavailable, Message: "the key process cannot listen on " + s.config.Socket, Err: err}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /parts", s.answer)
	server := &http.Server{
		Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 2 * time.Minute,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, peer{}, credentials(c))
		},
		ErrorLog: slog.NewLogLogger(s.deps.Log.Handler(), slog.LevelWarn),
	}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	ready()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve keys: %w", err)
	}
	return ctx.Err()
}

// credentials asks the kernel who is at the other end; nil when it does not know.
func credentials(c net.Conn) *unix.Ucred {
	conn, ok := c.(*net.UnixConn)
	if !ok {
		return nil
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil
	}
	var found *unix.Ucred
	if err := raw.Control(func(fd uintptr) { found, _ = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) }); err != nil {
		return nil
	}
	return found
}

// answer checks, books, audits and keys one request.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	who, _ := r.Context().Value(peer{}).(*unix.Ucred)
	if who == nil || int(who.Uid) != os.Geteuid() {
		s.refuse(w, who, Request{}, 0, http.StatusForbidden, "the key process answers its own account alone (密钥进程只答复本账户)")
		return
	}
	var q Request
	if err := gob.NewDecoder(http.MaxBytesReader(w, r.Body, maxBytes)).Decode(&q); err != nil {
		s.refuse(w, who, Request{}, 0, http.StatusBadRequest, "the request is no batch of records, or larger than the key process takes")
		return
	}
	values := count(&q)
	switch {
	case q.Purpose != Purpose:
		s.refuse(w, who, q, values, http.StatusForbidden, "keys are made for linkage alone (分段键仅用于关联)")
		return
	case len(q.Records)+len(q.Sealed) > maxRecords:
		s.refuse(w, who, q, values, http.StatusBadRequest, fmt.Sprintf("a batch holds %d records at most", maxRecords))
		return
	case values > s.config.Limits.Burst:
		s.refuse(w, who, q, values, http.StatusBadRequest, fmt.Sprintf("a batch holds %d values and %d may be asked at once: ask for fewer records", values, s.config.Limits.Burst))
		return
	}
	switch wait := s.ledger.take(strconv.Itoa(int(who.Uid)), values, s.deps.Now()); {
	case wait < 0:
		s.refuse(w, who, q, values, http.StatusTooManyRequests, "the values of a day are used up: look at the audit before raising link.keys_daily (当日限额已用完)")
		return
	case wait > 0:
		w.Header().Set("X-Wait", wait.String())
		s.refuse(w, who, q, values, http.StatusTooManyRequests, "too many values at once")
		return
	}
	s.grant(w, who, q, values)
}

// grant keys a request that may be answered.
func (s *Server) grant(w http.ResponseWriter, who *unix.Ucred, q Request, values int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.renew(); err != nil {
		s.refuse(w, who, q, values, http.StatusServiceUnavailable, message(err))
		return
	}
	raws, err := s.open(&q)
	if err != nil {
		s.refuse(w, who, q, values, http.StatusUnprocessableEntity, message(err))
		return
	}
	if err := s.audit.note(s.entry(who, q, values, "granted")); err != nil {
		s.deps.Log.Error("the audit of the key process cannot be written", "error", err)
		http.Error(w, "the audit cannot be written: nothing is answered without it", http.StatusServiceUnavailable)
		return
	}
	if err := gob.NewEncoder(w).Encode(s.maker.Batch(raws)); err != nil {
		s.deps.Log.Warn("an answer of the key process was cut off", "error", err)
	}
}

// open makes clear records of the sealed ones; they live as long as the request.
func (s *Server) open(q *Request) ([]record.Raw, error) {
	if len(q.Sealed) == 0 {
		return q.Records, nil
	}
	opener, err := vault.NewOpener(s.config.Master, q.Phrases)
	if err != nil {
		return nil, err
	}
	for _, k := range q.Keys {
		if err := opener.Learn(k); err != nil {
			return nil, err
		}
	}
	raws := make([]record.Raw, 0, len(q.Sealed))
	for i := range q.Sealed {
		plain, err := opener.Open(q.Sealed[i].Key, q.Sealed[i].Bytes)
		if err != nil {
			return nil, err
		}
		raw, err := record.FromMessage(plain)
		if err != nil {
			return nil, err
		}
		raw.Own, raw.Cited = q.Sealed[i].Own, q.Sealed[i].Cited
		raws = append(raws, raw)
	}
	return raws, nil
}

// perSealed is how many values a sealed record counts for before it is opened.
const perSealed = 5

// count counts the values that would be keyed.
func count(q *Request) int {
	n := perSealed * len(q.Sealed)
	for i := range q.Records {
		r := &q.Records[i]
		for _, v := range [...]string{r.Number, r.Name, r.Sex, r.Birth, r.Ethnic, r.Region, r.Address, r.Phone, r.Own, r.Cited} {
			if v != "" {
				n++
			}
		}
	}
	return n
}

func (s *Server) entry(who *unix.Ucred, q Request, values int, answer string) entry {
	e := entry{At: s.deps.Now().UTC(), Purpose: short(q.Purpose), Records: len(q.Records) + len(q.Sealed), Values: values, Epoch: s.epoch, Answer: answer}
	if who != nil {
		e.UID, e.PID = who.Uid, who.Pid
	}
	return e
}

// short keeps a caller from writing much into the audit.
func short(text string) string { return text[:min(len(text), 32)] }

// refuse answers with a reason and audits it.
func (s *Server) refuse(w http.ResponseWriter, who *unix.Ucred, q Request, values, status int, why string) {
	if err := s.audit.note(s.entry(who, q, values, "refused: "+why)); err != nil {
		s.deps.Log.Error("the audit of the key process cannot be written", "error", err)
	}
	http.Error(w, why, status)
}

// message is what a caller may read of an error.
func message(err error) string {
	var known *warehouse.Error
	if errors.As(err, &known) {
		return known.Message
	}
	return "the records cannot be keyed"
}
