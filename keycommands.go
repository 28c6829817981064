package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"hengjian/warehouse"
)

type keysCommand struct {
	List   keysListCommand   `cmd:"" help:"Show by month how many senders' data keys are there and how many are destroyed."`
	Rotate keysRotateCommand `cmd:"" help:"Put a new master key in force; loading goes on; audited."`
	Expire keysExpireCommand `cmd:"" help:"Destroy the data keys of old months: their originals cannot be read any more; audited."`

	Serve         keysServeCommand         `cmd:"" help:"Run the key process of pseudonymised linkage on a socket."`
	RotateLinkage keysRotateLinkageCommand `cmd:"" help:"Put a new linkage key in force, one epoch on; audited."`
}

// Help gives an example.
func (keysCommand) Help() string {
	return "Example: hengjian keys list\n\nThe master key lies in keys/master.key of the data folder: keep a safe copy of it apart from the data."
}

type keysListCommand struct{}

// Help gives an example.
func (keysListCommand) Help() string { return "Example: hengjian keys list" }

// Run lists.
func (keysListCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		keys, err := s.vault.Keys(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "master key %s (主密钥)\n", s.vault.Master())
		for i := 0; i < len(keys); {
			month, all, gone := keys[i].Month, 0, 0
			for ; i < len(keys) && keys[i].Month == month; i++ {
				all++
				if keys[i].Destroyed {
					gone++
				}
			}
			fmt.Fprintf(c.out, "%s  %d senders, %d destroyed (报送单位 %d，已销毁 %d)\n", month, all, gone, all, gone)
		}
		if len(keys) == 0 {
			fmt.Fprintln(c.out, "nothing was sealed yet (尚无密封数据)")
		}
		return nil
	})
}

type keysRotateCommand struct{ who }

// Help gives an example.
func (keysRotateCommand) Help() string {
	return `Example: hengjian keys rotate --person steward --reason "yearly"

Every data key is wrapped anew; originals stay readable and pseudonyms stay equal. Copy the new keys/master.key to its safe place, and to loaders on other machines, which must rest meanwhile.`
}

// Run rotates.
func (k keysRotateCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		before := s.vault.Master()
		if err := audited(ctx, s, "rotate_master_key", named("master key "+before), k.who, func() error { return s.vault.Rotate(ctx) }); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.out, "master key %s is in force, %s opens nothing any more (主密钥已轮换)\nmake a new safe copy of %s, and a new backup: older backups hold the old key\n", s.vault.Master(), before, c.cfg.path("keys/master.key"))
		return err
	})
}

// named is a target of the audit.
type named string

func (n named) String() string { return string(n) }

type keysExpireCommand struct {
	Before string `required:"" help:"First month that stays, YYYY-MM." placeholder:"MONTH"`
	Sender string `help:"Only this sender's organ code." placeholder:"CODE"`
	Yes    bool   `help:"Destroy; without it the effect is only shown."`
	who
}

// Help gives an example.
func (keysExpireCommand) Help() string {
	return `Example: hengjian keys expire --before 2021-01 --person steward --reason "five years are over" --yes

Figures, history and pseudonyms stay; the original bytes of those months can never be read, shown or decoded again.`
}

// Run destroys, or shows what it would.
func (k keysExpireCommand) Run(c *call) error {
	if !regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])$`).MatchString(k.Before) {
		return usageError{errors.New("--before is a month such as 2021-01")}
	}
	// Zones differ by less than a day: the month before this one may still be landing.
	if k.Before > time.Now().AddDate(0, 0, -1).Format("2006-01") {
		return &warehouse.Error{Code: warehouse.Invalid, Message: "records still land in that month: its keys are in use (该月仍有数据入库，密钥不能销毁)"}
	}
	return c.withStore(func(ctx context.Context, s *store) error {
		keys, err := s.vault.Keys(ctx)
		if err != nil {
			return err
		}
		n, months := 0, map[string][]string{}
		for _, key := range keys {
			if !key.Destroyed && key.Month < k.Before && (k.Sender == "" || key.Sender == k.Sender) {
				months[key.Month] = append(months[key.Month], key.Sender)
				n++
			}
		}
		for _, month := range slices.Sorted(maps.Keys(months)) {
			if !k.Yes {
				break
			}
			target := named(month + " of " + strings.Join(months[month], " "))
			if err := audited(ctx, s, "destroy_data_keys", target, k.who, func() error { return s.vault.Destroy(ctx, month, months[month]...) }); err != nil {
				return err
			}
		}
		if k.Yes {
			_, err = fmt.Fprintf(c.out, "%d data keys destroyed (已销毁 %d 个数据密钥)\n", n, n)
		} else {
			_, err = fmt.Fprintf(c.out, "%d data keys would be destroyed; add --yes to do it (将销毁 %d 个数据密钥，确认请加 --yes)\n", n, n)
		}
		return err
	})
}
