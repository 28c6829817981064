package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"go.uber.org/goleak"

	"hengjian/warehouse/engine"
	"hengjian/warehouse/engine/enginetest"
)

// parentRole is the environment variable that makes this binary the parent
// that TestChildDiesWithItsParent kills; its value is the data directory.
const parentRole = "ENGINE_TEST_PARENT"

func TestMain(m *testing.M) {
	if dir := os.Getenv(parentRole); dir != "" && !engine.IsChild(os.Args) {
		beParent(dir)
		return
	}
	enginetest.Main(m)
}

func TestReadyAndVersion(t *testing.T) {
	s := enginetest.Start(t)
	base := s.Database(t)
	var version, database, zone string
	if err := s.Conn(t, base).QueryRow(t.Context(), "SELECT version(), currentDatabase(), timezone()").Scan(&version, &database, &zone); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(version, "26.7.") || database != base || zone != "Asia/Shanghai" {
		t.Fatalf("version %s, database %s, time zone %s", version, database, zone)
	}
}

func TestSettingsHold(t *testing.T) {
	s := enginetest.Start(t)
	for _, account := range []string{"owner", "service", "reader_00", "reader_31"} {
		conn := s.ConnAs(t, account, "default")
		var async, nulls string
		if err := conn.QueryRow(t.Context(), "SELECT toString(getSetting('async_insert')), toString(getSetting('join_use_nulls'))").Scan(&async, &nulls); err != nil {
			t.Fatalf("%s: %v", account, err)
		}
		if async != "0" && async != "false" || nulls != "1" && nulls != "true" {
			t.Errorf("%s: async_insert=%s join_use_nulls=%s", account, async, nulls)
		}
	}
	owner := s.Conn(t, "default")
	for query, want := range map[string]string{
		"SELECT value FROM system.merge_tree_settings WHERE name = 'fsync_after_insert'":   "1",
		"SELECT value FROM system.merge_tree_settings WHERE name = 'fsync_part_directory'": "1",
		"SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'":  "2147483648",
		"SELECT value FROM system.server_settings WHERE name = 'mark_cache_size'":          "67108864",
		"SELECT value FROM system.server_settings WHERE name = 'max_connections'":          "256",
	} {
		var got string
		if err := owner.QueryRow(t.Context(), query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", query, got, want, err)
		}
	}
}

// await polls until check holds.
func await(t *testing.T, what string, check func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(30 * time.Second)
	for !check() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func count(t *testing.T, conn driver.Conn, table string) (n uint64) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), "SELECT count() FROM "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestKilledChildComesBack(t *testing.T) {
	s := enginetest.Fresh(t)
	base := s.Database(t)
	conn := s.Conn(t, base)
	if err := conn.Exec(t.Context(), "CREATE TABLE kept (n UInt64) ENGINE=MergeTree ORDER BY n"); err != nil {
		t.Fatal(err)
	}
	addr := s.Engine().Addr()
	for round := uint64(1); round <= 3; round++ {
		if err := conn.Exec(t.Context(), "INSERT INTO kept SELECT number FROM numbers(1000)"); err != nil {
			t.Fatal(err)
		}
		before, changed := s.Engine().Generation(), s.Engine().Restarts()
		if !s.Engine().Kill() {
			t.Fatal("no child to kill")
		}
		<-changed
		await(t, "the next generation", func() bool { return s.Engine().Generation() == before+1 })
		if err := s.Engine().Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		again := s.Conn(t, base)
		if n := count(t, again, "kept"); n != round*1000 {
			t.Fatalf("%d rows after kill %d", n, round)
		}
		conn = again
	}
	if s.Engine().Addr() != addr {
		t.Fatalf("the address moved from %s to %s", addr, s.Engine().Addr())
	}
}

func TestSecondEngineOnOneDirectory(t *testing.T) {
	dir := t.TempDir()
	s := enginetest.Fresh(t, func(c *engine.Config) { c.Dir = dir })
	c := enginetest.Config()
	c.Dir, c.LockPatience = dir, 300*time.Millisecond
	wantFailure(t, c, "is in use by another process")
	if err := s.Conn(t, "default").Ping(t.Context()); err != nil {
		t.Fatalf("the first engine was harmed: %v", err)
	}
}

func TestPortTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	c := enginetest.Config()
	c.Dir, c.Port = t.TempDir(), taken.Addr().(*net.TCPAddr).Port
	wantFailure(t, c, "of the engine is taken: free it or set another clickhouse.port")
}

func TestDamagedLibrary(t *testing.T) {
	c := enginetest.Config()
	c.Dir, c.Library = t.TempDir(), filepath.Join(t.TempDir(), "libchdb.so")
	wantFailure(t, c, "the engine library is missing")
	if err := os.WriteFile(c.Library, []byte("no library at all"), 0o755); err != nil {
		t.Fatal(err)
	}
	wantFailure(t, c, "is missing or damaged: run `hengjian engine fetch --force`")
}

func TestNewerDataRefused(t *testing.T) {
	c := enginetest.Config()
	c.Dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(c.Dir, "version"), []byte("99 tomorrow\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantFailure(t, c, "were written by a newer program (format 99, this one knows 1)")
}

func TestFullDisk(t *testing.T) {
	c := enginetest.Config()
	c.Dir, c.MinFree = t.TempDir(), 1<<62
	wantFailure(t, c, "the disk is too full to start: ")
}

// TestRelativeDirectory starts in a folder named relative to the working directory.
func TestRelativeDirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	c := enginetest.Config()
	c.Dir = filepath.Join("some", "where")
	ctx, stop := context.WithCancel(t.Context())
	e, err := engine.New(c, engine.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	if err := e.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	stop()
	<-ended
}

func TestUnwritableDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := enginetest.Config()
	c.Dir = filepath.Join(file, "data")
	wantFailure(t, c, "cannot be written: check its owner and rights or name another with --data")
}

// wantFailure starts an engine that cannot start and looks at its sentence.
func wantFailure(t *testing.T, c engine.Config, want string) {
	t.Helper()
	e, err := engine.New(c, engine.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err = e.Run(ctx)
	if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
		t.Fatalf("got %v, want one sentence with %q", err, want)
	}
	if ready := e.Ready(t.Context()); ready == nil || ready.Error() != err.Error() {
		t.Fatalf("Ready says %v, Run said %v", ready, err)
	}
}

func TestGracefulEnd(t *testing.T) {
	enginetest.Start(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := enginetest.Fresh(t)
	conn := s.Conn(t, "default")
	if err := conn.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	children := len(engineChildren(t))
	begin := time.Now()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("a graceful end took %s", took)
	}
	if left := len(engineChildren(t)); left != children-1 {
		t.Errorf("%d children before, %d after the end", children, left)
	}
	if err := conn.Ping(t.Context()); err == nil {
		t.Error("the port still answers")
	}
	if err := s.Engine().Ready(t.Context()); err == nil {
		t.Error("an ended engine says that it is ready")
	}
	conn.Close()
}

// engineChildren lists the children of this process, or of another.
func engineChildren(t *testing.T, process ...int) (pids []int) {
	t.Helper()
	parent := os.Getpid()
	if len(process) > 0 {
		parent = process[0]
	}
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", parent))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range tasks {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // the thread has ended
		}
		for _, field := range strings.Fields(string(text)) {
			pid, err := strconv.Atoi(field)
			if err != nil {
				t.Fatal(err)
			}
			pids = append(pids, pid)
		}
	}
	return pids
}

func TestSignalsOfATerminalDoNotReachTheEngine(t *testing.T) {
	s := enginetest.Fresh(t)
	for _, pid := range engineChildren(t) {
		if group, err := syscall.Getpgid(pid); err != nil || group == syscall.Getpgrp() {
			t.Errorf("the child shares the group %d of its parent (%v)", group, err)
		}
		for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
			if err := syscall.Kill(pid, signal); err != nil {
				t.Fatal(err)
			}
		}
	}
	conn := s.Conn(t, "default")
	for range 5 {
		if err := conn.Exec(t.Context(), "SELECT sleep(0.05)"); err != nil {
			t.Fatal(err)
		}
	}
	if g := s.Engine().Generation(); g != 1 {
		t.Fatalf("the engine died of a signal and is in generation %d", g)
	}
}

// beParent runs an engine, says that it is ready, and waits to be killed.
func beParent(dir string) {
	c := enginetest.Config()
	c.Dir = dir
	e, err := engine.New(c, engine.Deps{})
	if err != nil {
		fmt.Println(err)
		return
	}
	go e.Run(context.Background())
	if err := e.Ready(context.Background()); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("ready")
	select {}
}

func TestChildDiesWithItsParent(t *testing.T) {
	dir := t.TempDir()
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), parentRole+"="+dir)
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "ready\n" {
		t.Fatalf("the parent says %q (%v)", line, err)
	}
	children := engineChildren(t, parent.Process.Pid)
	if len(children) != 1 {
		t.Fatalf("children of the parent: %v", children)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	parent.Wait()
	await(t, "the child's end", func() bool { return syscall.Kill(children[0], 0) != nil })
	s := enginetest.Fresh(t, func(c *engine.Config) { c.Dir = dir })
	if err := s.Conn(t, "default").Ping(t.Context()); err != nil {
		t.Fatalf("the data directory cannot be opened again: %v", err)
	}
}

func TestPasswordsStayInside(t *testing.T) {
	dir := t.TempDir()
	s := enginetest.Fresh(t, func(c *engine.Config) { c.Dir = dir })
	dsn := s.DSN("owner", "default")
	password, _, _ := strings.Cut(strings.SplitN(dsn, ":", 3)[2], "@")
	if len(password) < 32 {
		t.Fatalf("a password of %d characters", len(password))
	}
	for _, name := range []string{"users.xml", "config.xml"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("%s: %v %v", name, info, err)
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || strings.Contains(string(text), password) {
			t.Fatalf("%s holds a password in clear (%v)", name, err)
		}
	}
}
