package broker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
)

// ErrOutOfRange says that the offset asked for is not in the partition any more, or not yet.
var ErrOutOfRange = errors.New("the offset is outside the partition")

// Header is one header of a record.
type Header = kafka.Header

// Record is one message of a partition; its bytes belong to the receiver until
// it releases what was fetched.
type Record struct {
	Offset     uint64
	Key, Value []byte
	Headers    []Header
}

// Size is the number of bytes that the record takes.
func (r *Record) Size() int64 { return int64(len(r.Key) + len(r.Value)) }

// Fetched is the answer to one Fetch: records in offset order, and what the
// partition holds.
type Fetched struct {
	Records []Record
	Bytes   int    // of keys and values
	Next    uint64 // high-water mark (高水位)
	memory  *memory
}

// Release gives the memory of the records back for other fetches; nobody may read
// them afterwards. It need not be called, and at most once.
func (f *Fetched) Release() {
	if f.memory == nil {
		return
	}
	m := f.memory
	f.memory, f.Records = nil, nil
	clear(m.records)
	m.records, m.used, m.free = m.records[:0], 0, nil
	m.home.Put(m)
}

// Fetch asks one partition for records from an offset on, at most maxBytes
// compressed bytes (one record at least), and waits up to wait for the first.
// ErrOutOfRange when the offset does not exist.
func (c *Client) Fetch(ctx context.Context, topic string, partition int, from uint64, maxBytes int64, wait time.Duration) (Fetched, error) {
	ctx, cancel := context.WithTimeout(ctx, wait+c.remote.Timeout)
	defer cancel()
	answer, err := c.client.Fetch(ctx, &kafka.FetchRequest{
		Topic: topic, Partition: partition, Offset: int64(from), MinBytes: 1, MaxBytes: maxBytes, MaxWait: wait,
	})
	if err != nil {
		return Fetched{}, unreachable(c.remote.Brokers, err)
	}
	if errors.Is(answer.Error, kafka.OffsetOutOfRange) {
		return Fetched{}, fmt.Errorf("fetch %s/%d from %d: %w", topic, partition, from, ErrOutOfRange)
	}
	if answer.Error != nil {
		return Fetched{}, fmt.Errorf("fetch %s/%d from %d: %w", topic, partition, from, answer.Error)
	}
	f := Fetched{Next: uint64(max(0, answer.HighWatermark)), memory: c.takeMemory()}
	if err := f.read(answer.Records, from); err != nil && len(f.Records) == 0 {
		return Fetched{}, fmt.Errorf("read records of %s/%d from %d: %w", topic, partition, from, err)
	}
	return f, nil
}

// read copies the records from an offset on; the broker may begin earlier. What
// was read before an error is kept: the rest comes with the next fetch.
func (f *Fetched) read(records kafka.RecordReader, from uint64) error {
	m := f.memory
	defer func() { f.Records = m.records }()
	for {
		r, err := records.ReadRecord()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if uint64(r.Offset) < from {
			continue
		}
		key, err := m.read(r.Key)
		if err != nil {
			return err
		}
		value, err := m.read(r.Value)
		if err != nil {
			return err
		}
		m.records = append(m.records, Record{Offset: uint64(r.Offset), Key: key, Value: value, Headers: r.Headers})
		f.Bytes += len(key) + len(value)
	}
}

// slab is how much memory is taken at once.
const slab = 256 << 10

// memory keeps the bytes of many records together, so that each costs no
// allocation, and is used again once they are released.
type memory struct {
	records []Record
	slabs   [][]byte
	used    int    // of slabs
	free    []byte // of the slab in use
	home    *sync.Pool
}

// takeMemory returns empty memory, some that was used before if there is some.
func (c *Client) takeMemory() *memory {
	if m, ok := c.memory.Get().(*memory); ok {
		return m
	}
	return &memory{home: &c.memory}
}

// read copies what is left of b and closes it, so that kafka-go uses its pages
// again; nil stays nil.
func (m *memory) read(b kafka.Bytes) ([]byte, error) {
	if b == nil {
		return nil, nil
	}
	defer b.Close() //nolint:errcheck // it has no error to tell
	n := b.Len()
	if n > len(m.free) {
		if n > slab/8 {
			own := make([]byte, n)
			_, err := io.ReadFull(b, own)
			return own, err
		}
		if m.used == len(m.slabs) {
			m.slabs = append(m.slabs, make([]byte, slab))
		}
		m.free = m.slabs[m.used]
		m.used++
	}
	out := m.free[:n:n]
	m.free = m.free[n:]
	_, err := io.ReadFull(b, out)
	return out, err
}
