package loader

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hengjian/ingest/broker"
	"hengjian/warehouse"
)

// stream is one partition of the topic as its worker sees it.
type stream struct {
	name, hash string
	partition  int
	next       uint64 // offset of the next record whose row is not in the log
	cursor     uint64 // offset of the next record to decode
	highWater  uint64
}

// fence makes this loader the owner of every stream of the topic and reads
// their positions. Afterwards no INSERT that was registered before can commit,
// and none that registers later with another epoch will be sent.
func (w *worker) fence(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, w.loader.config.FenceTimeout)
	defer cancel()
	w.board.set(StateFencing)
	bounds, err := w.loader.deps.Broker.Bounds(ctx, w.topic.Name)
	if err != nil {
		return fmt.Errorf("read the bounds of the topic: %w", err)
	}
	bounds = w.mine(bounds)
	w.name(bounds)
	if err := w.register(ctx); err != nil {
		return err
	}
	if w.uptime, err = w.readUptime(ctx); err != nil {
		return err
	}
	if err := w.takeEpoch(ctx); err != nil {
		return err
	}
	if err := w.endInserts(ctx); err != nil {
		return err
	}
	next, err := w.positions(ctx, w.streams)
	if err != nil {
		return err
	}
	// Until the last step above another owner may have loaded records that came
	// after the first look: only bounds younger than the positions are their measure.
	younger, err := w.loader.deps.Broker.Bounds(ctx, w.topic.Name)
	if err != nil {
		return fmt.Errorf("read the bounds of the topic: %w", err)
	}
	byPartition := make(map[int]broker.Bound, len(younger))
	for _, b := range younger {
		byPartition[b.Partition] = b
	}
	for i, s := range w.streams {
		bound, there := byPartition[s.partition]
		if !there {
			return &againError{fmt.Sprintf("Kafka no longer names partition %d of %s", s.partition, w.topic.Name)}
		}
		if err := w.checkBounds(ctx, s, next[i], bound); err != nil {
			return err
		}
		s.highWater = bound.Next
		w.loader.metrics.next.WithLabelValues(w.topic.Name, itoa(s.partition)).Set(float64(s.next))
	}
	w.board.show(w.streams, w.loader.deps.Now())
	w.loader.metrics.fences.WithLabelValues(w.topic.Name).Inc()
	w.log.Info("owner of the streams", "epoch", w.epoch, "partitions", len(w.streams))
	return nil
}

// name makes the streams of the partitions that Kafka names.
func (w *worker) name(bounds []broker.Bound) {
	w.streams, w.hashes, w.names = nil, nil, nil
	for _, b := range bounds {
		s := w.stream(b.Partition)
		w.streams, w.names, w.hashes = append(w.streams, s), append(w.names, s.name), append(w.hashes, s.hash)
	}
}

// stream makes the stream of one partition.
func (w *worker) stream(partition int) *stream {
	name := StreamName(w.loader.deps.Broker.ClusterID(), w.topic.Name, w.loader.config.Incarnation, partition)
	return &stream{name: name, hash: streamHash(w.loader.deps.DB.Database(), name), partition: partition}
}

// register writes the streams that are new into the table of streams.
func (w *worker) register(ctx context.Context) error {
	rows, err := w.db.Query(ctx, "SELECT DISTINCT stream FROM stream WHERE stream IN ({streams:Array(String)})", warehouse.Param("streams", textArray(w.names)))
	if err != nil {
		return fmt.Errorf("read the table of streams: %w", err)
	}
	defer rows.Close()
	known := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return fmt.Errorf("read the table of streams: %w", err)
		}
		known[name] = true
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the table of streams: %w", err)
	}
	if len(known) == len(w.streams) {
		return nil
	}
	batch, err := w.db.PrepareBatch(ctx, "INSERT INTO stream (stream, source, topic, incarnation, partition, digest, record_type, created)")
	if err != nil {
		return fmt.Errorf("register the streams of %s: %w", w.topic.Name, err)
	}
	for _, s := range w.streams {
		if known[s.name] {
			continue
		}
		if err := batch.Append(s.name, "kafka", w.topic.Name, w.loader.config.Incarnation, uint32(s.partition), "", w.topic.RecordType, w.loader.deps.Now()); err != nil {
			return fmt.Errorf("register %s: %w", s.name, err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("register the streams of %s: %w", w.topic.Name, err)
	}
	return nil
}

// readUptime returns when the server has started, by its own count of seconds.
func (w *worker) readUptime(ctx context.Context) (started time.Time, err error) {
	var seconds uint64
	if err := w.db.QueryRow(ctx, "SELECT toUInt64(uptime())").Scan(&seconds); err != nil {
		return time.Time{}, fmt.Errorf("read the server's uptime: %w", err)
	}
	return time.Now().Add(-time.Duration(seconds) * time.Second), nil
}

// takeEpoch writes an epoch greater than every known one for all my streams.
func (w *worker) takeEpoch(ctx context.Context) error {
	var greatest uint64
	if err := w.db.QueryRow(ctx, "SELECT max(epoch) FROM epoch WHERE stream IN ({streams:Array(String)})", warehouse.Param("streams", textArray(w.names))).Scan(&greatest); err != nil {
		return fmt.Errorf("read the epochs: %w", err)
	}
	w.epoch, w.blocks = greatest+1, 0
	batch, err := w.db.PrepareBatch(ctx, "INSERT INTO epoch (stream, epoch, owner, written)")
	if err != nil {
		return fmt.Errorf("write the epoch: %w", err)
	}
	for _, name := range w.names {
		if err := batch.Append(name, w.epoch, w.loader.owner, w.loader.deps.Now()); err != nil {
			return fmt.Errorf("write the epoch: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("write the epoch: %w", err)
	}
	return nil
}

// checkEpoch returns errLost unless the newest epoch of every stream is ours.
// Two owners that wrote the same number are ordered by their names.
func (w *worker) checkEpoch(ctx context.Context) error {
	rows, err := w.db.Query(ctx, "SELECT stream, epoch, owner FROM epoch WHERE stream IN ({streams:Array(String)}) ORDER BY epoch DESC, owner DESC LIMIT 1 BY stream",
		warehouse.Param("streams", textArray(w.names)))
	if err != nil {
		return fmt.Errorf("read the epochs: %w", err)
	}
	defer rows.Close()
	mine := 0
	for rows.Next() {
		var name, owner string
		var epoch uint64
		if err := rows.Scan(&name, &epoch, &owner); err != nil {
			return fmt.Errorf("read the epochs: %w", err)
		}
		if epoch != w.epoch || owner != w.loader.owner {
			return errLost
		}
		mine++
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the epochs: %w", err)
	}
	if mine != len(w.names) {
		return &againError{"epochs of ours are missing in the table"}
	}
	return nil
}

// endInserts kills every INSERT that names one of my streams, my own earlier
// ones included, and waits until none of them can commit any more: it is gone,
// or it is flagged before its block was read.
func (w *worker) endInserts(ctx context.Context) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	mine := namesStreams(w.hashes)
	for {
		if err := w.db.Exec(ctx, "KILL QUERY WHERE "+mine+" ASYNC"); err != nil {
			return fmt.Errorf("end earlier INSERTs: %w", err)
		}
		var open uint64
		if err := w.db.QueryRow(ctx, "SELECT countIf(NOT (is_cancelled AND read_rows = 0)) FROM system.processes WHERE "+mine).Scan(&open); err != nil {
			return fmt.Errorf("look for earlier INSERTs: %w", err)
		}
		if open == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %d earlier INSERTs: %w", open, ctx.Err())
		case <-tick.C:
		}
	}
}

// positions returns for every one of the streams the offset after the greatest
// one in the log, 0 for none. One statement asks for all; each stream is read from
// its end.
func (w *worker) positions(ctx context.Context, streams []*stream) ([]uint64, error) {
	next := make([]uint64, len(streams))
	if len(next) == 0 {
		return next, nil
	}
	parts, params := make([]string, len(next)), make([]any, len(next))
	for i, s := range streams {
		parts[i] = fmt.Sprintf("SELECT toUInt32(%d) AS at, offset FROM `%s` WHERE stream = {stream%d:String} ORDER BY offset DESC LIMIT 1", i, w.topic.Table, i)
		params[i] = warehouse.Param(fmt.Sprintf("stream%d", i), s.name)
	}
	rows, err := w.db.Query(ctx, "("+strings.Join(parts, ") UNION ALL (")+")", params...)
	if err != nil {
		return nil, fmt.Errorf("read the positions in %s: %w", w.topic.Table, err)
	}
	defer rows.Close()
	for rows.Next() {
		var at uint32
		var offset uint64
		if err := rows.Scan(&at, &offset); err != nil {
			return nil, fmt.Errorf("read the positions in %s: %w", w.topic.Table, err)
		}
		next[at] = offset + 1
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the positions in %s: %w", w.topic.Table, err)
	}
	return next, nil
}

// checkBounds compares the position with what Kafka holds and sets the stream
// to it. Records that Kafka has dropped before they were loaded are a gap; a
// Kafka that holds less than the log ends the loader.
func (w *worker) checkBounds(ctx context.Context, s *stream, next uint64, b broker.Bound) error {
	if next > b.Next {
		return stop(warehouse.Conflict, fmt.Sprintf("%s partition %d ends at offset %d in Kafka, but the log holds %d records: if the topic was made anew, raise kafka.incarnation", w.topic.Name, s.partition, b.Next, next), nil)
	}
	if b.First > next {
		if err := w.declareGap(ctx, s, next, b.First-1, "Kafka has dropped these records before they were loaded"); err != nil {
			return err
		}
		next = b.First
	}
	s.next, s.cursor = next, next
	return nil
}

// declareGap writes a gap row once, and an alarm; with stop_at_gap it ends the loader.
func (w *worker) declareGap(ctx context.Context, s *stream, first, last uint64, why string) error {
	text := fmt.Sprintf("records %d to %d of %s partition %d are missing: %s", first, last, w.topic.Name, s.partition, why)
	if w.loader.config.StopAtGap {
		return stop(warehouse.Conflict, text+"; recover them or set ingest.stop_at_gap to false", nil)
	}
	var known uint64
	params := []any{warehouse.Param("stream", s.name), warehouse.Param("first", strconv.FormatUint(first, 10)), warehouse.Param("last", strconv.FormatUint(last, 10))}
	if err := w.db.QueryRow(ctx, "SELECT count() FROM gap WHERE stream = {stream:String} AND first <= {first:UInt64} AND last >= {last:UInt64}", params...).Scan(&known); err != nil {
		return fmt.Errorf("read the declared gaps: %w", err)
	}
	w.board.stand(text)
	if known > 0 {
		return nil
	}
	batch, err := w.db.PrepareBatch(ctx, "INSERT INTO gap (stream, first, last, reason, declared)")
	if err != nil {
		return fmt.Errorf("declare a gap: %w", err)
	}
	if err := batch.Append(s.name, first, last, why, w.loader.deps.Now()); err != nil {
		return fmt.Errorf("declare a gap: %w", err)
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("declare a gap: %w", err)
	}
	w.loader.metrics.gaps.WithLabelValues(w.topic.Name).Inc()
	w.log.Error("gap declared", "partition", s.partition, "first", first, "last", last, "reason", why)
	return nil
}
