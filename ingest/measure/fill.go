package measure

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"hengjian/ingest/broker"
	"hengjian/ingest/simulate"
	"hengjian/warehouse/contract"
)

// load is what the topics hold.
type load struct {
	records, bytes uint64
	types          []*contract.Type // those with records, without the organ register
	organs         uint64
}

// perChain is about how many records one simulated case chain gives.
const perChain = 13.7

// partitions of each topic, as the product makes them.
const partitions = 4

// fill writes a simulated country to the topics and, byte for byte, to one JSON
// file per type. It has no planted faults: the peers have no place for them.
func (b *bench) fill(ctx context.Context) error {
	client, err := broker.Dial(ctx, broker.Remote{Brokers: b.brokers})
	if err != nil {
		return err
	}
	defer client.Close()
	for _, t := range b.catalogue.Types() {
		if t.Door == "file" {
			continue
		}
		if err := client.CreateTopics(ctx, []string{t.Topic()}, partitions); err != nil {
			return err
		}
	}
	country, err := simulate.New(simulate.Config{Seed: b.config.Seed, Cases: max(1, int(float64(b.config.Records)/perChain)), Progress: func(n uint64) {
		if n%500_000 < 10_000 {
			b.deps.Say("%d records written", n)
		}
	}})
	if err != nil {
		return fmt.Errorf("plan the records: %w", err)
	}
	writer := client.Writer()
	tee := &tee{kafka: simulate.NewKafkaSink(writer), dir: b.files, topics: map[string]*lines{}}
	err = country.Emit(ctx, tee)
	if err := errors.Join(err, tee.close()); err != nil {
		return fmt.Errorf("write the records: %w", err)
	}
	for _, t := range b.catalogue.Types() {
		l := tee.topics[t.Topic()]
		switch {
		case l == nil || t.Door == "file":
		case t.Name == "organ":
			b.load.organs = l.records
		default:
			b.load.types = append(b.load.types, t)
			b.load.records += l.records
			b.load.bytes += l.bytes
		}
	}
	return nil
}

// tee writes each message to Kafka and to the file of its topic.
type tee struct {
	kafka  *simulate.KafkaSink
	dir    string
	topics map[string]*lines
}

// lines is one file of JSON lines.
type lines struct {
	file           *os.File
	out            *bufio.Writer
	records, bytes uint64
}

// Put passes one message on.
func (t *tee) Put(ctx context.Context, topic string, key, value []byte) error {
	l := t.topics[topic]
	if l == nil {
		file, err := os.Create(filepath.Join(t.dir, topic+".jsonl"))
		if err != nil {
			return fmt.Errorf("create the file of %s: %w", topic, err)
		}
		l = &lines{file: file, out: bufio.NewWriterSize(file, 1<<20)}
		t.topics[topic] = l
	}
	l.records++
	l.bytes += uint64(len(value))
	_, first := l.out.Write(value)
	if err := errors.Join(first, l.out.WriteByte('\n')); err != nil {
		return fmt.Errorf("write the file of %s: %w", topic, err)
	}
	return t.kafka.Put(ctx, topic, key, value)
}

func (t *tee) close() error {
	errs := []error{t.kafka.Close()}
	for _, l := range t.topics {
		errs = append(errs, l.out.Flush(), l.file.Close())
	}
	return errors.Join(errs...)
}
