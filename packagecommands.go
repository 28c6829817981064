package main

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"hengjian/api"
	"hengjian/ingest/decode"
	"hengjian/ingest/filedrop"
	"hengjian/ingest/loader"
	"hengjian/warehouse"
)

type ingestTakeCommand struct {
	Package string `arg:"" help:"Zip package with manifest.json." type:"existingfile"`
}

// Help gives an example.
func (ingestTakeCommand) Help() string {
	return "Example: hengjian ingest take packages/2025-06-01.zip\nThe package is checked whole before any of it is read; it is taken once, and a take that was cut off goes on.\n\nOver HTTP, signed in as a data steward: curl -b cookies -H 'X-Hengjian-Client: x' -H 'Content-Type: application/zip' --data-binary @2025-06-01.zip http://127.0.0.1:8080/api/v1/ingest/packages"
}

// Run takes one package in.
func (i ingestTakeCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		keys, err := senderKeys(c.cfg.Ingest.Keys)
		if err != nil {
			return err
		}
		sender := loader.NewSender(s.dsn("owner"))
		defer sender.Close()
		d, err := s.packageDeps(ctx, sender)
		if err != nil {
			return err
		}
		file, err := os.Open(i.Package)
		if err != nil {
			return fmt.Errorf("open the package: %w", err)
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return fmt.Errorf("open the package: %w", err)
		}
		taken, err := filedrop.Take(ctx, file, info.Size(), keys, d)
		if err != nil {
			return err
		}
		if taken.Already {
			fmt.Fprintf(c.out, "package %s was taken before; nothing was read (已接收过)\n", taken.Package)
			return nil
		}
		for _, m := range taken.Members {
			fmt.Fprintf(c.out, "%s %s: %d read, %d accepted, %d quarantined (接收 %d，退回 %d)\n", m.Name, m.RecordType, m.Counts.Read, m.Counts.Accepted, m.Counts.Quarantined, m.Counts.Accepted, m.Counts.Quarantined)
		}
		return nil
	})
}

// packageDeps are the neighbours of one take.
func (s *store) packageDeps(ctx context.Context, blocks filedrop.Sender) (filedrop.Deps, error) {
	organs := &register{db: s.owner}
	if err := organs.Reload(ctx); err != nil {
		return filedrop.Deps{}, err
	}
	return filedrop.Deps{
		DB: s.owner, Blocks: blocks, Landed: time.Now(),
		Decode: decode.Deps{Catalogue: s.defs.contracts, Vault: s.vault, Register: organs, Simulated: s.kind == "simulated"},
	}, nil
}

// senderKeys reads {"organ code": "ed25519 public key in hex"}; "" means no keys.
func senderKeys(path string) (filedrop.Keys, error) {
	keys := filedrop.Keys{}
	if path == "" {
		return keys, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the keys of the senders: %w", err)
	}
	var all map[string]string
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "ingest.keys is not a JSON object of organ codes and public keys in hex", Err: err}
	}
	for code, value := range all {
		key, err := hex.DecodeString(value)
		if err != nil || len(key) != ed25519.PublicKeySize {
			return nil, &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("ingest.keys: the key of %s is not an ed25519 public key in hex (64 digits)", code)}
		}
		keys[code] = key
	}
	return keys, nil
}

// dropFolder is where packages arrive: dropped there, or posted to the API.
func (c Config) dropFolder() string {
	if c.Ingest.Drop != "" {
		return c.Ingest.Drop
	}
	return c.path("packages")
}

// packages adapts the door of filedrop to what the API takes.
type packages struct{ door *filedrop.Door }

// packageDoor opens the door through which the API takes packages.
func (c *call) packageDoor(s *store) (packages, error) {
	keys, err := senderKeys(c.cfg.Ingest.Keys)
	if err != nil {
		return packages{}, err
	}
	door, err := filedrop.NewDoor(c.cfg.dropFolder(), keys, s.defs.contracts, s.owner, time.Now)
	return packages{door}, err
}

// Receive streams and checks one package.
func (p packages) Receive(ctx context.Context, body io.Reader, digest, by string) (api.Package, error) {
	x, err := p.door.Receive(ctx, body, digest, by)
	return shown(x), err
}

// Continue adds a piece to a package that comes in pieces.
func (p packages) Continue(ctx context.Context, body io.Reader, piece api.PackagePiece) (api.Package, error) {
	x, err := p.door.Continue(ctx, body, filedrop.Piece(piece))
	return shown(x), err
}

// Admit lets an arrived package in.
func (p packages) Admit(ticket string) (api.Package, error) {
	x, err := p.door.Admit(ticket)
	return shown(x), err
}

// Discard removes an arrived package.
func (p packages) Discard(ticket string) error { return p.door.Discard(ticket) }

// Package says what became of one; of one that has not come whole, how much of
// it came from this account.
func (p packages) Package(ctx context.Context, digest, by string) (api.Package, error) {
	x, err := p.door.Posted(ctx, digest)
	if n := p.door.Held(digest, by); n > 0 && (err != nil || x.State == filedrop.StateRefused) {
		return api.Package{Digest: digest, By: by, State: filedrop.StatePartial, Bytes: n, Received: time.Now()}, nil
	}
	return shown(x), err
}

// shown puts a posted package in the words of the API.
func shown(x filedrop.Posted) api.Package {
	p := api.Package{
		Digest: x.Digest, By: x.By, State: x.State, Number: x.Package, Sender: x.Sender, Ticket: x.Ticket,
		Signed: x.Signed, Bytes: x.Bytes, Received: x.Received,
	}
	for _, m := range x.Members {
		p.Members = append(p.Members, api.PackageMember(m))
	}
	for _, r := range x.Refusals {
		p.Faults = append(p.Faults, api.PackageFault{Member: r.Member, Text: api.Text{ZH: r.ZH, EN: r.EN}})
	}
	return p
}

// watchFolder takes in what departments drop in the folder or post to the API.
func (c *call) watchFolder(ctx context.Context, s *store, group *errgroup.Group) error {
	keys, err := senderKeys(c.cfg.Ingest.Keys)
	if err != nil {
		return err
	}
	sender := loader.NewSender(s.dsn("owner"))
	c.keep(sender)
	w := &filedrop.Watcher{
		Folder: c.cfg.dropFolder(), Every: 5 * time.Second, Keys: keys, Log: s.log,
		Deps: func(ctx context.Context) (filedrop.Deps, error) { return s.packageDeps(ctx, sender) },
	}
	group.Go(func() error { return w.Run(ctx) })
	return nil
}
