package keeper

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"hengjian/jobs/link/record"
	"hengjian/warehouse"
	"hengjian/warehouse/vault"
)

// batchRecords is how many records one request of a client holds.
const batchRecords = 5000

// Client asks the key process.
type Client struct {
	http    *http.Client
	purpose string
}

// Dial makes a client of the key process at a socket; it connects when it asks.
func Dial(socket string) *Client {
	return &Client{purpose: Purpose, http: &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		},
	}}}
}

// Ask sends one request and waits as long as the limits say. Unavailable when the
// key process does not answer.
func (c *Client) Ask(ctx context.Context, q Request) (*record.Batch, error) {
	q.Purpose = c.purpose
	var body bytes.Buffer
	if err := gob.NewEncoder(&body).Encode(q); err != nil {
		return nil, fmt.Errorf("ask the key process: %w", err)
	}
	for {
		b, wait, err := c.once(ctx, body.Bytes())
		if err != nil || b != nil {
			return b, err
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		case <-timer.C:
		}
	}
}

// once asks once: a batch, or how long to wait.
func (c *Client) once(ctx context.Context, body []byte) (*record.Batch, time.Duration, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://keys/parts", bytes.NewReader(body))
	if err != nil {
		return nil, 0, fmt.Errorf("ask the key process: %w", err)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, 0, gone(ctx, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		why, _ := io.ReadAll(io.LimitReader(answer.Body, 4096))
		if wait, err := time.ParseDuration(answer.Header.Get("X-Wait")); answer.StatusCode == http.StatusTooManyRequests && err == nil {
			return nil, wait, nil
		}
		return nil, 0, &warehouse.Error{Code: codeOf(answer.StatusCode), Message: "the key process refused: " + strings.TrimSpace(string(why))}
	}
	var b record.Batch
	if err := gob.NewDecoder(answer.Body).Decode(&b); err != nil {
		return nil, 0, gone(ctx, err)
	}
	return &b, 0, nil
}

func codeOf(status int) warehouse.Code {
	switch status {
	case http.StatusForbidden:
		return warehouse.Forbidden
	case http.StatusTooManyRequests:
		return warehouse.TooMany
	case http.StatusServiceUnavailable:
		return warehouse.Unavailable
	}
	return warehouse.Invalid
}

// gone says that the key process is not there, unless the caller gave up.
func gone(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errors.Join(ctx.Err(), err)
	}
	return &warehouse.Error{Code: warehouse.Unavailable, Message: "the key process does not answer: the run ends here and can be started again when it is back (密钥进程无应答，恢复后可重新运行)", Err: err}
}

// Adder gathers records and adds them to a keyed table batch by batch.
type Adder struct {
	client  *Client
	table   *record.Table
	phrases []string
	request Request
	named   map[string]bool // data keys in the request
	asked   []record.Asked
}

// NewAdder begins an empty batch; phrases are the phrasebooks of sealed records.
func NewAdder(c *Client, t *record.Table, phrases []string) *Adder {
	return &Adder{client: c, table: t, phrases: phrases, named: map[string]bool{}}
}

// Add takes a clear record on its way to the key process.
func (a *Adder) Add(ctx context.Context, r record.Raw) error {
	a.request.Records = append(a.request.Records, r)
	return a.added(ctx, record.Asked{Key: r.Key, Sender: r.Sender})
}

func (a *Adder) added(ctx context.Context, asked record.Asked) error {
	a.asked = append(a.asked, asked)
	if len(a.asked) < batchRecords {
		return nil
	}
	return a.Flush(ctx)
}

// Flush sends what is gathered.
func (a *Adder) Flush(ctx context.Context) error {
	if len(a.asked) == 0 {
		return nil
	}
	a.request.Phrases = a.phrases
	b, err := a.client.Ask(ctx, a.request)
	if err != nil {
		return err
	}
	if err := a.table.AddKeyed(b, a.asked); err != nil {
		return &warehouse.Error{Code: warehouse.Conflict, Message: err.Error(), Err: err}
	}
	a.request, a.asked = Request{}, a.asked[:0]
	clear(a.named)
	return nil
}

// AddSealed takes a sealed record with its wrapped data key.
func (a *Adder) AddSealed(ctx context.Context, asked record.Asked, w vault.Wrapped, s Sealed) error {
	if !a.named[w.ID] {
		a.named[w.ID] = true
		a.request.Keys = append(a.request.Keys, w)
	}
	a.request.Sealed = append(a.request.Sealed, s)
	return a.added(ctx, asked)
}
