package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"hengjian/api/audit"
	"hengjian/ingest/decode"
	"hengjian/ingest/loader"
	"hengjian/ingest/repair"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

type quarantineCommand struct {
	List   quarantineListCommand   `cmd:"" help:"List refused records, masked, with reason and remedy."`
	Show   quarantineShowCommand   `cmd:"" help:"Print the original bytes of a refused record; audited."`
	Replay quarantineReplayCommand `cmd:"" help:"Send a refused record in again, as it was or repaired; audited."`
}

// Help gives an example.
func (quarantineCommand) Help() string {
	return "Example: hengjian quarantine list --type case --reason unknown_organ"
}

type conflictCommand struct {
	List conflictListCommand `cmd:"" help:"List statements that contradict another of the same revision."`
	Rule conflictRuleCommand `cmd:"" help:"Decide which of two statements holds; audited."`
}

// Help gives an example.
func (conflictCommand) Help() string { return "Example: hengjian conflict list" }

// who acts, and why; both stand in the audit.
type who struct {
	Person string `required:"" help:"Who acts." placeholder:"NAME"`
	Reason string `required:"" help:"Why; it stands in the audit." placeholder:"TEXT"`
}

// placed names a record as TYPE STREAM:OFFSET.
type placed struct {
	Type   string `arg:"" help:"Record type, such as case."`
	Record string `arg:"" help:"Stream and offset, as listed: STREAM:OFFSET."`
}

func (p placed) place() (repair.Place, error) {
	i := strings.LastIndexByte(p.Record, ':')
	if i > 0 {
		if offset, err := strconv.ParseUint(p.Record[i+1:], 10, 64); err == nil {
			return repair.Place{RecordType: p.Type, Stream: p.Record[:i], Offset: offset}, nil
		}
	}
	return repair.Place{}, usageError{fmt.Errorf("%q is not STREAM:OFFSET as hengjian quarantine list prints it", p.Record)}
}

// withDesk opens what people need who put records right.
func (c *call) withDesk(work func(context.Context, *store, *repair.Desk) error) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		organs := &register{db: s.owner}
		if err := organs.Reload(ctx); err != nil {
			return err
		}
		sender := loader.NewSender(s.dsn("owner"))
		defer sender.Close()
		desk, err := repair.New(repair.Deps{
			DB: s.owner, Vault: s.vault, Blocks: sender, Now: time.Now,
			Decode: decode.Deps{Catalogue: s.defs.contracts, Vault: s.vault, Register: organs, Simulated: s.kind == "simulated"},
		})
		if err != nil {
			return err
		}
		return work(ctx, s, desk)
	})
}

// audited writes the audit, then acts: what cannot be audited does not happen.
func audited(ctx context.Context, s *store, action string, p fmt.Stringer, w who, act func() error) error {
	log := audit.New(s.owner, time.Now)
	entry := audit.Entry{Account: w.Person, Action: action, Target: p.String(), Purpose: w.Reason, Outcome: "begun"}
	if err := log.Record(ctx, entry); err != nil {
		return err
	}
	err := act()
	entry.Outcome = "done"
	if err != nil {
		entry.Outcome, entry.Message = "failed", err.Error()
	}
	return errors.Join(err, log.Record(ctx, entry))
}

type quarantineListCommand struct {
	Type   string `help:"Only this record type." placeholder:"TYPE"`
	Reason string `help:"Only this reason." placeholder:"CODE"`
	Sender string `help:"Only this sender's organ code." placeholder:"CODE"`
	All    bool   `help:"Also those that were sent in again."`
	Limit  int    `help:"At most so many." default:"100"`
	JSON   bool   `help:"One JSON object per record."`
}

// Help gives an example.
func (quarantineListCommand) Help() string {
	return "Example: hengjian quarantine list --type case --limit 20"
}

// Run lists.
func (q quarantineListCommand) Run(c *call) error {
	return c.withDesk(func(ctx context.Context, _ *store, desk *repair.Desk) error {
		list, err := desk.List(ctx, repair.Filter{RecordType: q.Type, Reason: q.Reason, Sender: q.Sender, Open: !q.All, Limit: max(q.Limit, 1)})
		if err != nil {
			return err
		}
		for _, r := range list {
			if q.JSON {
				if err := json.NewEncoder(c.out).Encode(r); err != nil {
					return fmt.Errorf("print the list: %w", err)
				}
				continue
			}
			fmt.Fprintf(c.out, "%s %s:%d  %s  %s  %s %s %s\n    %s -> %s\n    %s -> %s\n", r.RecordType, r.Stream, r.Offset, r.Landed.Format(time.DateTime), r.Sender, r.Reason, r.Field, r.Masked,
				r.Words.ZH, r.Words.RemedyZH, r.Words.EN, r.Words.RemedyEN)
			if r.ReplayedAs != "" {
				fmt.Fprintf(c.out, "    sent in again by %s as %s (已重新入库)\n", r.ReplayedBy, r.ReplayedAs)
			}
		}
		if len(list) == 0 && !q.JSON {
			fmt.Fprintln(c.out, "nothing is in quarantine (没有隔离记录)")
		}
		return nil
	})
}

type quarantineShowCommand struct {
	placed
	who
}

// Help gives an example.
func (quarantineShowCommand) Help() string {
	return `Example: hengjian quarantine show case kafka:c/hj.case/1/0:12 --person steward --reason "the sender asked"`
}

// Run shows the bytes.
func (q quarantineShowCommand) Run(c *call) error {
	return c.withDesk(func(ctx context.Context, s *store, desk *repair.Desk) error {
		p, err := q.place()
		if err != nil {
			return err
		}
		return audited(ctx, s, "quarantine.show", p, q.who, func() error {
			text, err := desk.Show(ctx, p)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.out, "%s\n", text)
			return nil
		})
	})
}

type quarantineReplayCommand struct {
	placed
	who
	File string `help:"Send the message in this file instead of the original bytes." placeholder:"FILE" type:"existingfile"`
}

// Help gives an example.
func (quarantineReplayCommand) Help() string {
	return `Example: hengjian quarantine replay case kafka:c/hj.case/1/0:12 --person steward --reason "organ registered late"`
}

// Run sends the record in again.
func (q quarantineReplayCommand) Run(c *call) error {
	return c.withDesk(func(ctx context.Context, s *store, desk *repair.Desk) error {
		p, err := q.place()
		if err != nil {
			return err
		}
		var repaired []byte
		if q.File != "" {
			if repaired, err = os.ReadFile(q.File); err != nil {
				return fmt.Errorf("read the repaired message: %w", err)
			}
		}
		return audited(ctx, s, "quarantine.replay", p, q.who, func() error {
			stream, err := desk.Replay(ctx, p, repaired, repair.Act{Person: q.Person, Reason: q.Reason})
			if err != nil {
				return err
			}
			fmt.Fprintf(c.out, "accepted; it came in as %s:1 (已接收)\n", stream)
			return nil
		})
	})
}

type conflictListCommand struct {
	Type  string `help:"Only this record type." placeholder:"TYPE"`
	Limit int    `help:"At most so many." default:"100"`
}

// Help gives an example.
func (conflictListCommand) Help() string { return "Example: hengjian conflict list --type case" }

// Run lists.
func (q conflictListCommand) Run(c *call) error {
	return c.withDesk(func(ctx context.Context, _ *store, desk *repair.Desk) error {
		list, err := desk.Conflicts(ctx, q.Type, max(q.Limit, 1))
		if err != nil {
			return err
		}
		for _, x := range list {
			state := "open (待裁断)"
			if x.Holds {
				state = "holds by ruling (裁断采信)"
			} else if x.Ruling > 0 {
				state = "the other holds by ruling (裁断不采信)"
			}
			fmt.Fprintf(c.out, "%s %s:%d  revision %d of %s  against %s:%d  %s\n", x.RecordType, x.Stream, x.Offset, x.Revision, x.Key, x.StandsStream, x.StandsOffset, state)
		}
		if len(list) == 0 {
			fmt.Fprintln(c.out, "there is no conflict (没有冲突)")
		}
		return nil
	})
}

type conflictRuleCommand struct {
	placed
	who
}

// Help gives an example.
func (conflictRuleCommand) Help() string {
	return `Example: hengjian conflict rule case kafka:c/hj.case/1/0:12 --person steward --reason "confirmed with the sender"`
}

// Run decides that the named statement holds.
func (q conflictRuleCommand) Run(c *call) error {
	return c.withDesk(func(ctx context.Context, s *store, desk *repair.Desk) error {
		p, err := q.place()
		if err != nil {
			return err
		}
		return audited(ctx, s, "conflict.rule", p, q.who, func() error {
			if err := desk.Rule(ctx, p, repair.Act{Person: q.Person, Reason: q.Reason}); err != nil {
				return err
			}
			fmt.Fprintf(c.out, "%s holds; derive makes it the current version (已裁断)\n", p)
			return nil
		})
	})
}

type redecodeCommand struct {
	Type   string `arg:"" help:"Record type, such as case; all of its sealed originals are read."`
	Apply  bool   `help:"Send in again what is accepted now; without it only the effect is shown."`
	Person string `help:"Who acts; needed with --apply." placeholder:"NAME"`
	Reason string `help:"Why; needed with --apply." placeholder:"TEXT"`
}

// Help gives an example.
func (redecodeCommand) Help() string {
	return "Example: hengjian ingest redecode case\nExample: hengjian ingest redecode case --apply --person steward --reason \"new code list\""
}

// Run shows or makes the effect of decoding the originals again.
func (r redecodeCommand) Run(c *call) error {
	return c.withDesk(func(ctx context.Context, s *store, desk *repair.Desk) error {
		t, ok := s.defs.contracts.Type(r.Type)
		if !ok {
			return &warehouse.Error{Code: warehouse.NotFound, Message: fmt.Sprintf("there is no record type %q (没有这个记录类型)", r.Type)}
		}
		if !r.Apply {
			return c.redecoded(ctx, desk, t, nil)
		}
		w := who{Person: r.Person, Reason: r.Reason}
		return audited(ctx, s, "ingest.redecode", repair.Place{RecordType: t.Name, Stream: "*"}, w, func() error {
			return c.redecoded(ctx, desk, t, &repair.Act{Person: r.Person, Reason: r.Reason})
		})
	})
}

func (c *call) redecoded(ctx context.Context, desk *repair.Desk, t *contract.Type, act *repair.Act) error {
	e, err := desk.Redecode(ctx, t, act)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s v%d: %d refused rows, of which %d are accepted now (现可接收); %d accepted rows; %d rows without a key (密钥已销毁)\n", t.Name, t.Version, e.Refused, e.NowAccepted, e.Accepted, e.Unreadable)
	for _, reason := range slices.Sorted(maps.Keys(e.StillRefused)) {
		fmt.Fprintf(c.out, "  still refused (仍拒收) %s: %d\n", reason, e.StillRefused[reason])
	}
	for _, reason := range slices.Sorted(maps.Keys(e.NowRefused)) {
		fmt.Fprintf(c.out, "  accepted before, would be refused now, stays as it is (维持原状) %s: %d\n", reason, e.NowRefused[reason])
	}
	if act != nil {
		fmt.Fprintf(c.out, "%d records came in again (已重新入库)\n", e.Replayed)
	}
	return nil
}
