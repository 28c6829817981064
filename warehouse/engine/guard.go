package engine

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
)

// guard decides whether a hello may reach the engine. The pinned engine ends as
// a whole when it refuses one itself (wrong password, unknown database), so the
// refusal is made and answered before it.
type guard struct {
	passwords map[string]string // account → SHA-256 of its password, hex
	metadata  string            // folder with one file per database
}

// The codes a client knows these refusals by.
const (
	codeUnknownDatabase = 81
	codeAuthentication  = 516
)

// check returns code 0 when the hello may pass, else the code and its sentence.
func (g guard) check(h hello) (code int32, message string) {
	want, known := g.passwords[h.account]
	digest := sha256.Sum256([]byte(h.password))
	same := subtle.ConstantTimeCompare([]byte(hex.EncodeToString(digest[:])), []byte(want)) == 1
	if !known || !same {
		return codeAuthentication, "DB::Exception: authentication failed: the password is wrong or there is no such account"
	}
	if !g.exists(h.database) {
		return codeUnknownDatabase, "DB::Exception: the database does not exist"
	}
	return 0, ""
}

// databaseName is a name whose metadata file is spelled like itself.
var databaseName = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

// exists reports whether a database is there; every database but the built-in
// ones has a file in the metadata folder.
func (g guard) exists(database string) bool {
	switch database {
	case "", "default", "system", "information_schema", "INFORMATION_SCHEMA":
		return true
	}
	if !databaseName.MatchString(database) {
		return false
	}
	_, err := os.Stat(filepath.Join(g.metadata, database+".sql"))
	return err == nil
}

// refusal is the exception packet of the native protocol.
func refusal(code int32, message string) []byte {
	packet := []byte{2}
	packet = binary.LittleEndian.AppendUint32(packet, uint32(code))
	for _, text := range []string{"DB::Exception", message, ""} {
		packet = binary.AppendUvarint(packet, uint64(len(text)))
		packet = append(packet, text...)
	}
	return append(packet, 0)
}
