package vault

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"hengjian/warehouse"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// ground is an empty migrated warehouse and a place for the key file.
func ground(t *testing.T) (*warehouse.DB, Config) {
	t.Helper()
	s := enginetest.Start(t)
	base := s.Database(t)
	db := warehouse.Wrap(s.Conn(t, base), base)
	if err := migrations.Apply(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db, Config{KeyFile: filepath.Join(t.TempDir(), "master.key")}
}

func mustOpen(t *testing.T, db *warehouse.DB, cfg Config) *Vault {
	t.Helper()
	v, err := Open(t.Context(), cfg, db)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func mustSeal(t *testing.T, v *Vault, sender, month, plain string) (sealed []byte, keyID string) {
	t.Helper()
	sealed, keyID, err := v.Seal(t.Context(), nil, sender, month, []byte(plain), nil)
	if err != nil {
		t.Fatal(err)
	}
	return sealed, keyID
}

func wantOpen(t *testing.T, v *Vault, keyID string, sealed []byte, want string) {
	t.Helper()
	got, err := v.Open(t.Context(), keyID, sealed)
	if err != nil || string(got) != want {
		t.Fatalf("opened %q, %v; want %q", got, err, want)
	}
}

func TestSealedBytesOpenInAnotherProcess(t *testing.T) {
	db, cfg := ground(t)
	first := mustOpen(t, db, cfg)
	info, err := os.Stat(cfg.KeyFile)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("key file: %v, %v", info.Mode(), err)
	}
	out, keyID, err := first.Seal(t.Context(), []byte("head"), "330106", "2025-03", []byte("原文"), nil)
	if err != nil || !bytes.HasPrefix(out, []byte("head")) || bytes.Contains(out, []byte("原文")) {
		t.Fatalf("sealed %q, %v", out, err)
	}
	_, other := mustSeal(t, first, "330106", "2025-04", "x")
	_, same := mustSeal(t, first, "330106", "2025-03", "y")
	if other == keyID || same != keyID {
		t.Error("one data key per sender and month is promised")
	}
	second := mustOpen(t, db, cfg)
	wantOpen(t, second, keyID, out[4:], "原文")
	if first.Pseudonym("name", []byte("张三")) != second.Pseudonym("name", []byte("张三")) {
		t.Error("pseudonyms differ between processes")
	}
}

func TestChangedBytesAreRefused(t *testing.T) {
	db, cfg := ground(t)
	v := mustOpen(t, db, cfg)
	sealed, keyID := mustSeal(t, v, "a", "2025-03", "plain")
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := v.Open(t.Context(), keyID, changed); warehouse.CodeOf(err) != warehouse.Invalid {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
	_, otherID := mustSeal(t, v, "b", "2025-03", "plain")
	if _, err := v.Open(t.Context(), otherID, sealed); warehouse.CodeOf(err) != warehouse.Invalid {
		t.Errorf("another key opened it: %v", err)
	}
	if _, err := v.Open(t.Context(), "nokey", sealed); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Errorf("an unknown key: %v", err)
	}
	if _, _, err := v.Seal(t.Context(), nil, "a", "March", nil, nil); warehouse.CodeOf(err) != warehouse.Invalid {
		t.Errorf("a month that is none: %v", err)
	}
}

func TestExchangedRowsAreRefused(t *testing.T) {
	db, cfg := ground(t)
	v := mustOpen(t, db, cfg)
	_, keyID := mustSeal(t, v, "a", "2025-03", "plain")
	if err := db.Exec(t.Context(), "INSERT INTO seal_key (key_id, sender, month, version, master, wrapped, state) SELECT 'forged', 'b', month, 1, master, wrapped, state FROM seal_key WHERE key_id = {id:String}", warehouse.Param("id", keyID)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := v.Seal(t.Context(), nil, "b", "2025-03", []byte("x"), nil); warehouse.CodeOf(err) != warehouse.Invalid {
		t.Errorf("a row moved to another sender was taken: %v", err)
	}
}

func TestConcurrentCreatorsConverge(t *testing.T) {
	db, cfg := ground(t)
	const processes = 8
	ids, marks := make([]string, processes), make([]string, processes)
	var all sync.WaitGroup
	for i := range processes {
		all.Go(func() {
			v, err := Open(context.Background(), cfg, db)
			if err != nil {
				t.Error(err)
				return
			}
			marks[i] = v.Pseudonym("id", []byte("x"))
			if _, ids[i], err = v.Seal(context.Background(), nil, "a", "2025-03", []byte("x"), nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i := range processes {
		if ids[i] != ids[0] || marks[i] != marks[0] {
			t.Fatalf("processes disagree: keys %v, pseudonyms %v", ids, marks)
		}
	}
	var rows uint64
	if err := db.QueryRow(t.Context(), "SELECT count() FROM seal_key").Scan(&rows); err != nil || rows != 2 {
		t.Errorf("%d rows for two keys, %v", rows, err)
	}
}

func TestRewrapKeepsBytesAndPseudonyms(t *testing.T) {
	db, cfg := ground(t)
	v := mustOpen(t, db, cfg)
	sealed, keyID := mustSeal(t, v, "a", "2025-03", "plain")
	mark := v.Pseudonym("name", []byte("x"))
	old, err := os.ReadFile(cfg.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Rewrap(t.Context(), bytes.Repeat([]byte{7}, 5)); err == nil {
		t.Error("a short master key was taken")
	}
	if err := v.Rewrap(t.Context(), bytes.Repeat([]byte{7}, keyLength)); err != nil {
		t.Fatal(err)
	}
	again := mustOpen(t, db, cfg)
	wantOpen(t, again, keyID, sealed, "plain")
	if again.Pseudonym("name", []byte("x")) != mark {
		t.Error("the pseudonym changed with the master key")
	}
	stale := Config{KeyFile: filepath.Join(t.TempDir(), "old.key")}
	if err := os.WriteFile(stale.KeyFile, old, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), stale, db); warehouse.CodeOf(err) != warehouse.Invalid || !strings.Contains(err.Error(), "not the one of this warehouse") {
		t.Errorf("the old master key still opens: %v", err)
	}
}

func TestOpenFinishesARewrapThatWasCutOff(t *testing.T) {
	db, cfg := ground(t)
	v := mustOpen(t, db, cfg)
	sealed, keyID := mustSeal(t, v, "a", "2025-03", "plain")
	next := make([]byte, keyLength)
	if _, err := rand.Read(next); err != nil {
		t.Fatal(err)
	}
	if err := writeKey(v.nextFile(), next); err != nil { // the moment after the first step
		t.Fatal(err)
	}
	again := mustOpen(t, db, cfg)
	wantOpen(t, again, keyID, sealed, "plain")
	if _, err := os.Stat(v.nextFile()); !os.IsNotExist(err) {
		t.Errorf("the next key file is still there: %v", err)
	}
	wantOpen(t, mustOpen(t, db, cfg), keyID, sealed, "plain")
}

func TestDestroyedKeyOpensNothing(t *testing.T) {
	db, cfg := ground(t)
	v := mustOpen(t, db, cfg)
	sealed, keyID := mustSeal(t, v, "a", "2025-03", "plain")
	kept, keptID := mustSeal(t, v, "a", "2025-04", "kept")
	for range 2 {
		if err := v.Destroy(t.Context(), "2025-03", "a"); err != nil {
			t.Fatal(err)
		}
	}
	for _, one := range []*Vault{v, mustOpen(t, db, cfg)} {
		if _, err := one.Open(t.Context(), keyID, sealed); warehouse.CodeOf(err) != warehouse.NotFound {
			t.Errorf("destroyed key: %v", err)
		}
		if _, _, err := one.Seal(t.Context(), nil, "a", "2025-03", nil, nil); warehouse.CodeOf(err) != warehouse.Conflict {
			t.Errorf("sealing under a destroyed key: %v", err)
		}
		wantOpen(t, one, keptID, kept, "kept")
	}
	var left uint64
	if err := db.QueryRow(t.Context(), "SELECT countIf(wrapped != '') FROM seal_key WHERE key_id = {id:String}", warehouse.Param("id", keyID)).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d wrapped copies are left, %v", left, err)
	}
	if err := v.Destroy(t.Context(), "2020-01", "a"); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Errorf("destroying nothing: %v", err)
	}
	if err := v.Destroy(t.Context(), "pseudonym", ""); warehouse.CodeOf(err) != warehouse.Invalid {
		t.Errorf("destroying the key of the pseudonyms: %v", err)
	}
}

func TestKeyFileIsGuarded(t *testing.T) {
	db, cfg := ground(t)
	mustOpen(t, db, cfg)
	text, err := os.ReadFile(cfg.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	write := func(content string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(cfg.KeyFile, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(cfg.KeyFile, mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ name, content, want string }{
		{"short", string(text[:20]), "does not hold a key"},
		{"empty", "", "does not hold a key"},
		{"not hex", strings.Repeat("z", 64), "does not hold a key"},
		{"another key", strings.Repeat("ab", 32), "not the one of this warehouse"},
	} {
		write(c.content, 0o600)
		if _, err := Open(t.Context(), cfg, db); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	write(string(text), 0o640)
	if _, err := Open(t.Context(), cfg, db); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("readable by the group: %v", err)
	}
	if err := os.Remove(cfg.KeyFile); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), cfg, db); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("missing beside sealed data: %v", err)
	}
}

func TestPseudonyms(t *testing.T) {
	db, cfg := ground(t)
	v := mustOpen(t, db, cfg)
	value := []byte("11010519491231002X")
	got := v.Pseudonym("id", value)
	if len(got) != 32 || strings.Trim(got, "0123456789abcdef") != "" {
		t.Errorf("pseudonym %q", got)
	}
	if got != v.Pseudonym("id", value) || got == v.Pseudonym("name", value) || got == v.Pseudonym("id", value[:17]) {
		t.Error("pseudonyms must depend on class and value only")
	}
	if n := testing.AllocsPerRun(200, func() { v.Pseudonym("id", value) }); n > 1 {
		t.Errorf("%v allocations, want the result only", n)
	}
}

// TestRotationAndExpiryReachOtherProcesses turns the master key over and over
// while two others seal under new and old keys: all their bytes open, only the
// newest master key is left in the table, pseudonyms stay, and a key that one
// destroys is gone for all.
func TestRotationAndExpiryReachOtherProcesses(t *testing.T) {
	db, cfg := ground(t)
	type piece struct{ key, plain, sealed string }
	var mu sync.Mutex
	var pieces []piece
	first := mustOpen(t, db, cfg)
	mark := first.Pseudonym("id", []byte("x"))
	turned := make(chan struct{})
	var sealing sync.WaitGroup
	for p := range 2 {
		v := first
		if p == 1 {
			v = mustOpen(t, db, cfg)
		}
		sealing.Go(func() {
			for n := 0; ; n++ {
				plain := fmt.Sprint(p, " ", n)
				sealed, key, err := v.Seal(context.Background(), nil, fmt.Sprint("s", n%40), "2025-03", []byte(plain), nil)
				if err == nil && n%7 == 0 {
					err = v.Prepare(context.Background(), fmt.Sprintf("20%02d-01", n%60+10), []string{"a", "b"})
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				pieces = append(pieces, piece{key, plain, string(sealed)})
				mu.Unlock()
				select {
				case <-turned:
					if n >= 40 {
						return
					}
				default:
				}
			}
		})
	}
	turner := mustOpen(t, db, cfg)
	for range 5 {
		if err := turner.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	close(turned)
	sealing.Wait()
	later := mustOpen(t, db, cfg)
	for _, p := range pieces {
		for _, v := range []*Vault{first, later} {
			wantOpen(t, v, p.key, []byte(p.sealed), p.plain)
		}
	}
	if later.Pseudonym("id", []byte("x")) != mark || later.Master() != turner.Master() {
		t.Error("pseudonyms or the master key in force differ")
	}
	var others uint64
	if err := db.QueryRow(t.Context(), "SELECT countIf(master != {m:String}) FROM seal_key", warehouse.Param("m", later.Master())).Scan(&others); err != nil || others != 0 {
		t.Errorf("%d keys are wrapped with a master key that is gone, %v", others, err)
	}
	if err := turner.Destroy(t.Context(), "2025-03", "s3"); err != nil {
		t.Fatal(err)
	}
	gone := 0
	for _, p := range pieces {
		_, err := first.Open(t.Context(), p.key, []byte(p.sealed))
		switch {
		case warehouse.CodeOf(err) == warehouse.NotFound && strings.Contains(err.Error(), "销毁"):
			gone++
		case err != nil:
			t.Fatal(err)
		}
	}
	if gone < 2 || gone*10 > len(pieces) {
		t.Errorf("%d of %d pieces are gone, want those of one sender of forty", gone, len(pieces))
	}
	keys, err := later.Keys(t.Context())
	if err != nil || !slices.Contains(keys, Key{"s3", "2025-03", true}) || slices.ContainsFunc(keys, func(k Key) bool { return k.Month == "pseudonym" }) {
		t.Errorf("the list of keys: %v %v", keys, err)
	}
}
