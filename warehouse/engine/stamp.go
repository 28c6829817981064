package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// stamp stands beside an unpacked library and says what it must be.
type stamp struct {
	Package   string `json:"package"`
	Version   string `json:"version"`
	Integrity string `json:"integrity"` // of the packed package
	Library   string `json:"library"`
	Size      int64  `json:"size"`
	SHA256    string `json:"sha256"` // of the library
}

// stampFile is the name of the stamp.
const stampFile = "engine.json"

// readStamp reads the stamp beside a library; ok is false for a library that
// was not fetched (a path of the operator's own).
func readStamp(library string) (s stamp, ok bool, err error) {
	text, err := os.ReadFile(filepath.Join(filepath.Dir(library), stampFile))
	if errors.Is(err, os.ErrNotExist) {
		return stamp{}, false, nil
	}
	if err != nil {
		return stamp{}, false, fmt.Errorf("read the engine's stamp: %w", err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return stamp{}, false, sentence(err, "the stamp of the engine library is damaged: %s", fetchRemedy)
	}
	return s, s.Library == filepath.Base(library), nil
}

// checkStamp is the quick check before a start: the library is there and has
// the size its stamp says.
func checkStamp(library string) error {
	info, err := os.Stat(library)
	if errors.Is(err, os.ErrNotExist) {
		return sentence(err, "the engine library is missing (%s): run `hengjian engine fetch`", library)
	}
	if err != nil {
		return sentence(err, "the engine library %s cannot be read: check its owner and rights", library)
	}
	s, ok, err := readStamp(library)
	if err != nil {
		return err
	}
	if ok && info.Size() != s.Size {
		return sentence(nil, "the engine library %s is damaged (%d bytes instead of %d): %s", library, info.Size(), s.Size, fetchRemedy)
	}
	return nil
}

// Verify reads a fetched library whole and compares its SHA-256 with its
// stamp. It takes seconds; a start checks the size only.
func Verify(ctx context.Context, library string) error {
	if err := checkStamp(library); err != nil {
		return err
	}
	s, ok, err := readStamp(library)
	if err != nil {
		return err
	}
	if !ok {
		return nil // the operator's own library has no stamp
	}
	file, err := os.Open(library)
	if err != nil {
		return sentence(err, "the engine library %s cannot be read: check its owner and rights", library)
	}
	defer file.Close()
	digest := sha256.New()
	if _, err := io.Copy(digest, contextReader{ctx, file}); err != nil {
		return fmt.Errorf("read the engine library: %w", err)
	}
	if hex.EncodeToString(digest.Sum(nil)) != s.SHA256 {
		return sentence(nil, "the engine library %s is damaged (its digest differs): %s", library, fetchRemedy)
	}
	return nil
}

// contextReader stops reading when its context ends.
type contextReader struct {
	ctx  context.Context
	file io.Reader
}

// Read reads unless the context has ended.
func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.file.Read(p)
}
