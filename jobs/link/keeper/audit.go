package keeper

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"hengjian/warehouse"
)

// entry is one line of the audit: who asked for what and how much, never a value.
type entry struct {
	At      time.Time `json:"at"`
	UID     uint32    `json:"uid"`
	PID     int32     `json:"pid"`
	Purpose string    `json:"purpose"`
	Records int       `json:"records"`
	Values  int       `json:"values"`
	Epoch   uint32    `json:"epoch"`
	Answer  string    `json:"answer"` // granted, or why not
}

// journal is the file of the audit, for its owner alone and only appended to.
type journal struct {
	mu   sync.Mutex
	file *os.File
}

func openJournal(path string) (*journal, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, &warehouse.Error{Code: warehouse.Unavailable, Message: "the audit of the key process cannot be written: " + path, Err: err}
	}
	return &journal{file: file}, nil
}

// note writes an entry to the disk before it returns; without it there is no answer.
func (j *journal) note(e entry) error {
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("audit a batch of keys: %w", err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	_, err = j.file.Write(append(line, '\n'))
	if err = errors.Join(err, j.file.Sync()); err != nil {
		return fmt.Errorf("audit a batch of keys: %w", err)
	}
	return nil
}
