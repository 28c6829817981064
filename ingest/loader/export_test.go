package loader

// StreamHash lets tests name a stream in a query id.
func StreamHash(database, stream string) string { return streamHash(database, stream) }

// Held tells how many bytes of records and blocks all topics hold.
func (l *Loader) Held() int64 {
	n := int64(0)
	for _, w := range l.workers {
		n += w.hold.bytes.Load()
	}
	return n
}
