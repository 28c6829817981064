package measure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"

	"hengjian/ingest/broker"
)

// The parts of a benchmark that run as processes of their own.
const (
	partBroker = "broker"
	partRows   = "rows"   // a row-append loader
	partPlain  = "plain"  // our loader without sealing and pseudonyms
	partSealed = "sealed" // our loader as it is
)

// order tells a part what to do; it holds an address with a password and so
// travels on standard input.
type order struct {
	Kind       string
	Dir        string // of the broker, or of the keys
	DSN        string // of the fresh database
	Brokers    []string
	Share      []int  // partitions of every topic that this loader loads; nil = all
	Registered bool   // another loader has loaded the organ register
	Profile    string // file for a processor profile; "" = none
}

// answer is one line of a part's output.
type answer struct {
	Addrs  []string // of the broker
	Ready  bool     // the loader is about to begin
	CPU    float64  // seconds used since Ready
	PeakMB float64
}

// part is a running part.
type part struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *json.Decoder
}

// start runs a part and gives it its order.
func (b *bench) start(ctx context.Context, o order) (*part, error) {
	p := &part{cmd: exec.CommandContext(ctx, b.deps.Part[0], b.deps.Part[1:]...)}
	p.cmd.Stderr = stderrOf(b.deps)
	var err error
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start a part: %w", err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start a part: %w", err)
	}
	p.stdout = json.NewDecoder(out)
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a part: %w", err)
	}
	if err := json.NewEncoder(p.stdin).Encode(o); err != nil {
		return nil, fmt.Errorf("give a part its order: %w", err)
	}
	return p, nil
}

// stderrOf passes a part's complaints on.
func stderrOf(d Deps) io.Writer { return complaints{d} }

type complaints struct{ deps Deps }

// Write says each chunk.
func (c complaints) Write(text []byte) (int, error) {
	c.deps.Say("%s", text)
	return len(text), nil
}

func (p *part) read() (answer, error) {
	var a answer
	if err := p.stdout.Decode(&a); err != nil {
		return a, fmt.Errorf("a part of the benchmark ended early: %w", errors.Join(err, p.cmd.Wait()))
	}
	return a, nil
}

// end lets a part end and waits for it.
func (p *part) end() {
	p.stdin.Close()
	p.cmd.Wait() //nolint:errcheck // what it has done stands in its answers
}

// Part runs one part of a benchmark in this process; main calls it for the
// hidden command that Deps.Part names.
func Part(ctx context.Context, in io.Reader, out io.Writer) error {
	input := json.NewDecoder(in)
	var o order
	if err := input.Decode(&o); err != nil {
		return fmt.Errorf("read the order: %w", err)
	}
	s := &stage{order: o, out: json.NewEncoder(out), in: io.MultiReader(input.Buffered(), in)}
	switch o.Kind {
	case partBroker:
		return s.broker(ctx)
	case partRows:
		return s.rows(ctx)
	case partPlain, partSealed:
		return s.own(ctx)
	}
	return fmt.Errorf("no part is called %q", o.Kind)
}

// stage is one part at work.
type stage struct {
	order order
	out   *json.Encoder
	in    io.Reader
	used  float64
}

// ready says that work begins now, and waits for the word to go.
func (s *stage) ready() error {
	if err := s.out.Encode(answer{Ready: true}); err != nil {
		return err
	}
	one := make([]byte, 1)
	for {
		if _, err := s.in.Read(one); err != nil {
			return fmt.Errorf("wait for the word to go: %w", err)
		}
		if one[0] == '!' {
			s.used = ownSeconds()
			return nil
		}
	}
}

// done reports what was used and waits for the end.
func (s *stage) done(pid int) error {
	return s.out.Encode(answer{CPU: ownSeconds() - s.used, PeakMB: peakMB(pid)})
}

// broker serves until its input ends.
func (s *stage) broker(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	b, err := broker.NewEmbedded(broker.Config{Dir: s.order.Dir}, broker.Deps{})
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	if err := b.Ready(ctx); err != nil {
		return err
	}
	if err := s.out.Encode(answer{Addrs: b.Addrs()}); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, s.in)
	cancel()
	return errors.Join(err, <-ended)
}
