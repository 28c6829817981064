package loader

// StreamHash lets tests name a stream in a query id.
func StreamHash(database, stream string) string { return streamHash(database, stream) }
