package engine

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// The first argument of a re-executed child, and the files it inherits.
const (
	childArgument    = "engine-child"
	confinedArgument = "confined"
	lifelineFD       = 3 // orders in, its end means stop
	reportFD         = 4 // one JSON line per news
	listenerFD       = 5 // the public port
)

// orders are what the parent tells its child, once, over the lifeline.
type orders struct {
	Library  string `json:"library"`
	Config   string `json:"config"`
	Data     string `json:"data"`
	Password string `json:"password"` // of the keeper
	// Accounts are who may sign in: name → SHA-256 of the password, hex.
	Accounts map[string]string `json:"accounts"`
}

// news is what the child tells its parent.
type news struct {
	Ready    bool   `json:"ready,omitempty"`
	Confined bool   `json:"confined,omitempty"` // the file system is closed but for our folders
	Failure  string `json:"failure,omitempty"`
}

// IsChild reports whether this process was started as an engine child; its
// program must then call ChildMain before anything else.
func IsChild(args []string) bool { return len(args) > 1 && args[1] == childArgument }

// ChildMain is the life of an engine child: it loads the library, runs the
// engine behind its front and returns the exit code when the lifeline ends.
// args are the process's own (os.Args).
func ChildMain(args []string) int {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	report := json.NewEncoder(os.NewFile(reportFD, "report"))
	confined := len(args) > 2 && args[2] == confinedArgument
	if !confined && len(args) > 3 {
		confineAndExec(args[2], args[3:]) // returns only where the kernel offers no confinement
	}
	c := child{lifeline: os.NewFile(lifelineFD, "lifeline"), report: func(n news) {
		n.Confined = confined
		report.Encode(n) //nolint:errcheck // a parent that is gone ends us by the lifeline
	}}
	if err := c.run(); err != nil {
		c.report(news{Failure: err.Error()})
		return 1
	}
	return 0
}

// child is one engine and its front inside the child process.
type child struct {
	lifeline *os.File
	report   func(news)
	orders   orders
	inner    string
}

// run starts everything and returns when the engine has ended.
func (c *child) run() error {
	lifeline := bufio.NewReader(c.lifeline)
	line, err := lifeline.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read the orders: %w", err)
	}
	if err := json.Unmarshal(line, &c.orders); err != nil {
		return fmt.Errorf("understand the orders: %w", err)
	}
	listener, err := net.FileListener(os.NewFile(listenerFD, "listener"))
	if err != nil {
		return fmt.Errorf("take over the port: %w", err)
	}
	if c.inner, err = freeAddress(); err != nil {
		return err
	}
	lib, err := openLibrary(c.orders.Library)
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		lib.runCommand(c.arguments())
	}()
	stop := make(chan struct{})
	go func() {
		defer close(stop)
		io.Copy(io.Discard, lifeline) //nolint:errcheck // any end means stop
	}()
	return c.keep(listener, ended, stop)
}

// keep serves from readiness to the end of the engine.
func (c *child) keep(listener net.Listener, ended, stop <-chan struct{}) error {
	if !c.awaitReady(ended, stop) {
		select {
		case <-ended:
			return nil // the message stands on stderr
		case <-stop:
			return nil
		}
	}
	f := newFront(listener, c.inner, guard{passwords: c.orders.Accounts, metadata: filepath.Join(c.orders.Data, "metadata")})
	go f.serve()
	c.report(news{Ready: true})
	select {
	case <-ended:
		return nil
	case <-stop:
	}
	f.hangUp(2 * time.Second)
	if err := c.endKeepAlive(); err != nil {
		return err
	}
	<-ended
	return nil
}

// arguments are the engine's command line. The first query opens the port, the
// second keeps the engine alive until it is killed by the keeper.
func (c *child) arguments() []string {
	_, port, _ := net.SplitHostPort(c.inner)
	return []string{
		"--path=" + c.orders.Data,
		"--config-file=" + c.orders.Config,
		"--listen_host=127.0.0.1",
		"--tcp_port=" + port,
		"--query=SYSTEM START LISTEN TCP; " +
			"SELECT sleepEachRow(0.1) FROM numbers(1000000000000000) SETTINGS max_block_size=1, max_threads=1 FORMAT Null",
	}
}

// awaitReady asks the inner port until it answers; false if the engine ended first.
func (c *child) awaitReady(ended, stop <-chan struct{}) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return false
		case <-stop:
			return false
		case <-tick.C:
			if c.asKeeper(func(context.Context, clickhouse.Conn) error { return nil }) == nil {
				return true
			}
		}
	}
}

// endKeepAlive kills the query that keeps the engine alive, the only one
// without a user. An engine busy with other queries is asked again.
func (c *child) endKeepAlive() (err error) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for range 20 {
		err = c.asKeeper(func(ctx context.Context, conn clickhouse.Conn) error {
			return conn.Exec(ctx, "KILL QUERY WHERE user = '' ASYNC")
		})
		if err == nil {
			return nil
		}
		<-tick.C
	}
	return fmt.Errorf("end the engine's last query: %w", err)
}

// asKeeper does one thing over a connection of its own to the inner port.
func (c *child) asKeeper(do func(context.Context, clickhouse.Conn) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	conn, err := clickhouse.Open(&clickhouse.Options{
		Addr:        []string{c.inner},
		Auth:        clickhouse.Auth{Username: keeper, Password: c.orders.Password, Database: "default"},
		DialTimeout: 2 * time.Second, ReadTimeout: 5 * time.Second, MaxOpenConns: 1, MaxIdleConns: 1,
	})
	if err != nil {
		return fmt.Errorf("address the engine: %w", err)
	}
	defer conn.Close()
	if err := conn.Ping(ctx); err != nil {
		return fmt.Errorf("reach the engine: %w", err)
	}
	return do(ctx, conn)
}

// freeAddress names a port that was free a moment ago. A loser of the race gets
// code 210 and the parent starts again.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}
