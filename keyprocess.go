package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"hengjian/jobs/link"
	"hengjian/jobs/link/keeper"
	"hengjian/warehouse"
	"hengjian/warehouse/vault"
)

type keysServeCommand struct {
	Socket   string `help:"Socket to listen on; keys/link.sock in the data folder without it." placeholder:"PATH"`
	Attached bool   `hidden:"" help:"End when the standard input ends."`
}

// Help gives an example.
func (keysServeCommand) Help() string {
	return `Example: hengjian keys serve --socket /run/hengjian/link.sock

Holds the linkage key and answers batches of records with the keys of their parts, to its own account alone, for linkage alone, within link.keys_rate and link.keys_daily. Every batch is written to keys/link-audit.log: caller, purpose and count, never a value. hengjian up starts one by itself when link.mode is pseudonymised.`
}

// serving is the line by which the key process says that callers may come.
const serving = "the key process serves"

// Run serves until it is stopped.
func (k keysServeCommand) Run(c *call) error {
	ctx, stop := context.WithCancel(c.ctx)
	defer stop()
	if k.Attached {
		go func() {
			io.Copy(io.Discard, os.Stdin) //nolint:errcheck // that it ends is the message
			stop()
		}()
	}
	if err := os.MkdirAll(c.cfg.path("keys"), 0o700); err != nil {
		return &warehouse.Error{Code: warehouse.Unavailable, Message: "the folder " + c.cfg.path("keys") + " cannot be made: check its owner and rights", Err: err}
	}
	socket := k.Socket
	if socket == "" {
		socket = c.cfg.path("keys/link.sock")
	}
	key := func() (keeper.Key, error) {
		if c.cfg.Link.Key != "" {
			return keeper.ParseKey(c.cfg.Link.Key)
		}
		return keeper.Obtain(c.cfg.path("keys/linkage.key"))
	}
	server, err := keeper.New(keeper.Config{
		Socket: socket, Audit: c.cfg.path("keys/link-audit.log"), Master: c.cfg.path("keys/master.key"),
		Limits: keeper.Limits{Burst: c.cfg.Link.KeysBurst, Rate: float64(c.cfg.Link.KeysRate), Daily: uint64(c.cfg.Link.KeysDaily)},
	}, keeper.Deps{Key: key, Now: time.Now, Log: c.cfg.Log.logger(c.err)})
	if err != nil {
		return err
	}
	return server.Run(ctx, func() { fmt.Fprintln(c.out, serving, socket) })
}

type keysRotateLinkageCommand struct{ who }

// Help gives an example.
func (keysRotateLinkageCommand) Help() string {
	return `Example: hengjian keys rotate-linkage --person steward --reason "yearly"

Part keys live for one run only, so nothing has to be keyed anew: the next run asks with the new key. A run that is under way ends with an error and is started again by itself.`
}

// Run rotates.
func (k keysRotateLinkageCommand) Run(c *call) error {
	if c.cfg.Link.Key != "" {
		return &warehouse.Error{Code: warehouse.Invalid, Message: "the linkage key comes from link.key: change it there and raise its epoch"}
	}
	return c.withStore(func(ctx context.Context, s *store) error {
		var key keeper.Key
		err := audited(ctx, s, "rotate_linkage_key", named("linkage key"), k.who, func() (err error) {
			key, err = keeper.Rotate(c.cfg.path("keys/linkage.key"))
			return err
		})
		if err == nil {
			fmt.Fprintf(c.out, "the linkage key of epoch %d is in force (关联密钥已轮换至第 %d 轮)\n", key.Epoch, key.Epoch)
		}
		return err
	})
}

// pseudonymised is the mode of linkage in which clear values stay in the key process.
const pseudonymised = "pseudonymised"

// linkDeps are the neighbours of linkage in the mode that is configured.
func (s *store) linkDeps(cfg Config) link.Deps {
	d := link.Deps{DB: s.owner, Catalogue: s.defs.contracts, Vault: s.vault, Keys: s.vault}
	if cfg.Link.Mode == pseudonymised {
		d.Vault, d.Keys, d.Keeper = nil, nil, keyring{s.keys, s.vault}
	}
	return d
}

// keyring gives linkage the key process, and of the vault what that needs to open.
type keyring struct {
	*keyProcess
	*vault.Vault
}

// keyProcess is the key process as a child of this one: started at its first use,
// started again when it has died, ended with this process whatever happens.
type keyProcess struct {
	cfg Config
	err io.Writer

	mu    sync.Mutex
	dir   string
	child *exec.Cmd
	stdin io.Closer
	gone  chan struct{} // closed when the child has ended
}

func newKeyProcess(cfg Config, errOut io.Writer) *keyProcess {
	return &keyProcess{cfg: cfg, err: errOut}
}

// Client starts the child where none runs and returns a client of it.
func (k *keyProcess) Client(ctx context.Context) (*keeper.Client, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.gone != nil {
		select {
		case <-k.gone:
			fmt.Fprintln(k.err, "the key process had ended: it is started again (密钥进程已退出，重新启动)")
		default:
			return keeper.Dial(k.socket()), nil
		}
	}
	if err := k.start(ctx); err != nil {
		return nil, err
	}
	return keeper.Dial(k.socket()), nil
}

func (k *keyProcess) socket() string { return filepath.Join(k.dir, "link.sock") }

// start runs the child and waits until it serves.
func (k *keyProcess) start(ctx context.Context) (err error) {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	if k.dir == "" {
		if k.dir, err = os.MkdirTemp("", "hengjian-keys-"); err != nil { // mode 0700
			return fmt.Errorf("make a folder for the socket: %w", err)
		}
	}
	l := k.cfg.Link
	child := exec.Command(self, "keys", "serve", "--attached", "--socket", k.socket(), "--data", k.cfg.Data,
		"--set", fmt.Sprintf("link.keys_rate=%d", l.KeysRate), "--set", fmt.Sprintf("link.keys_burst=%d", l.KeysBurst),
		"--set", fmt.Sprintf("link.keys_daily=%d", l.KeysDaily), "--log-level", k.cfg.Log.Level)
	child.Env = os.Environ()
	if l.Key != "" {
		child.Env = append(child.Env, "HENGJIAN_LINK_KEY="+l.Key) // never among the arguments, which others can read
	}
	child.Stderr = k.err
	stdin, errIn := child.StdinPipe()
	stdout, errOut := child.StdoutPipe()
	if err := errors.Join(errIn, errOut); err != nil {
		return fmt.Errorf("start the key process: %w", err)
	}
	if err := child.Start(); err != nil {
		return fmt.Errorf("start the key process: %w", err)
	}
	lines, gone := bufio.NewReader(stdout), make(chan struct{})
	stop := context.AfterFunc(ctx, func() { stdin.Close() })
	defer stop()
	line, _ := lines.ReadString('\n')
	go func() {
		io.Copy(io.Discard, lines) //nolint:errcheck // it says nothing more
		child.Wait()               //nolint:errcheck // how it ended stands in its log
		close(gone)
	}()
	if !strings.HasPrefix(line, serving) {
		stdin.Close()
		<-gone
		return &warehouse.Error{Code: warehouse.Unavailable, Message: "the key process did not start: see its message above (密钥进程未能启动)"}
	}
	k.child, k.stdin, k.gone = child, stdin, gone
	return nil
}

// Close ends the child and waits for it.
func (k *keyProcess) Close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.gone != nil {
		k.stdin.Close()
		<-k.gone
		k.gone = nil
	}
	if k.dir != "" {
		os.RemoveAll(k.dir)
		k.dir = ""
	}
	return nil
}
