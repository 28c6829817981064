package loader

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// StreamName returns the identity of one partition of one incarnation of a
// topic; it is never used again for another source.
func StreamName(cluster, topic string, incarnation uint32, partition int) string {
	return fmt.Sprintf("kafka:%s/%s/%d/%d", cluster, topic, incarnation, partition)
}

// validTopic is what Kafka allows; names of topics stand in query ids.
var validTopic = regexp.MustCompile(`^[A-Za-z0-9._-]{1,249}$`)

// streamHash is the short name of a stream of one database in query ids.
func streamHash(database, stream string) string {
	sum := sha256.Sum256([]byte(database + "\x00" + stream))
	return hex.EncodeToString(sum[:8])
}

// newOwner draws the name of one loader instance.
func newOwner() string {
	raw := make([]byte, 8)
	rand.Read(raw) //nolint:errcheck // never fails by its contract
	return hex.EncodeToString(raw)
}

// queryID names one attempt: ing/<topic>/<stream hashes>/<epoch>/<owner>/<attempt>.
func queryID(topic string, hashes []string, epoch uint64, owner string, attempt uint64) string {
	return fmt.Sprintf("ing/%s/%s/%d/%s/%d", topic, strings.Join(hashes, "."), epoch, owner, attempt)
}

// namesStreams is the condition on system.processes that an INSERT names one of
// the streams. Hashes are hex digits, so they may stand in the text.
func namesStreams(hashes []string) string {
	return "startsWith(query_id, 'ing/') AND hasAny(splitByChar('.', splitByChar('/', query_id)[3]), ['" + strings.Join(hashes, "','") + "'])"
}

// textArray writes texts as ClickHouse reads an Array(String) parameter.
func textArray(texts []string) string {
	quoted := make([]string, len(texts))
	for i, t := range texts {
		quoted[i] = "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(t) + "'"
	}
	return "[" + strings.Join(quoted, ",") + "]"
}
