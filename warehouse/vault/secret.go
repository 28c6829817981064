package vault

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hengjian/warehouse"
)

// ReadSecret reads a small file that its owner alone may read, without the space
// around its text; what names the secret in errors. The error is fs.ErrNotExist
// when there is none, Invalid when others may read it.
func ReadSecret(file, what string) (string, error) {
	info, err := os.Stat(file)
	if err != nil {
		return "", fmt.Errorf("read the %s: %w", what, err)
	}
	if !info.Mode().IsRegular() || info.Mode().Perm()&0o077 != 0 {
		return "", &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("the %s file may be read by others (mode %04o): give it to its owner alone with chmod 600 %s", what, info.Mode().Perm(), file)}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read the %s: %w", what, err)
	}
	return strings.TrimSpace(string(text)), nil
}

// WriteSecret writes such a file whole or not at all. One that is there is
// replaced where replace says so; else the error is fs.ErrExist.
func WriteSecret(file, what, text string, replace bool) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".key-*") // mode 0600
	if err != nil {
		return fmt.Errorf("write the %s: %w", what, err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(text + "\n")
	if err == nil {
		err = tmp.Sync()
	}
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	put := os.Link // never over another
	if replace {
		put = os.Rename
	}
	if err == nil {
		err = put(tmp.Name(), file)
	}
	if err != nil {
		return fmt.Errorf("write the %s: %w", what, err)
	}
	return nil
}
