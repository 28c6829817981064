package main

import (
	"fmt"
	"strings"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/contract/identifier"
)

type regionCommand struct {
	Code string `arg:"" help:"Six digits of GB/T 2260."`
	On   string `help:"What took over by that day, YYYY-MM-DD; without it by today." placeholder:"DAY"`
}

// Help gives an example.
func (regionCommand) Help() string {
	return "Example: hengjian contract region 330103\nExample: hengjian contract region 330121 --on 1995-01-01\n\nEntries from 1980 on, what ended them, and what took over. A day between two editions is shown as its bounds. (区划代码的沿革)"
}

// Run prints what the register knows of one code.
func (r regionCommand) Run(c *call) error {
	on, err := time.Time{}, error(nil)
	if r.On != "" {
		if on, err = time.Parse(time.DateOnly, r.On); err != nil {
			return &warehouse.Error{Code: warehouse.Invalid, Message: "--on: write a day as YYYY-MM-DD", Err: err}
		}
	}
	regions, err := identifier.LoadRegions()
	if err != nil {
		return err
	}
	if !regions.Known(r.Code) {
		return &warehouse.Error{Code: warehouse.NotFound, Message: fmt.Sprintf("no edition from 1980 on has the code %q (1980 年以来的各版均无此代码)", r.Code)}
	}
	for _, one := range regions.Entries(r.Code) {
		fmt.Fprintf(c.out, "%s %s  %s – %s\n", one.Code, one.Name, dayText(one.ValidFrom), dayText(one.ValidTo))
	}
	kinds := map[string]string{
		identifier.Renamed: "renamed 更名", identifier.Recoded: "recoded 改码", identifier.Merged: "merged 并入",
		identifier.Split: "split 分设", identifier.Abolished: "abolished, successor not known here 撤销，承继情况不详",
	}
	for _, one := range regions.Changes(r.Code) {
		when := dayText(one.Day)
		if !one.Earliest.Equal(one.Day) {
			when = "between (介于) " + dayText(one.Earliest) + " and " + when
		}
		fmt.Fprintf(c.out, "  %s: %s %s  [%s]\n", when, kinds[one.Kind], strings.Join(one.Successors, " "), one.Source)
	}
	for _, code := range regions.Successors(r.Code, time.Time{}, on) {
		now, _ := regions.Lookup(code, on)
		fmt.Fprintf(c.out, "→ %s %s\n", now.Code, now.Name)
	}
	return nil
}

func dayText(d time.Time) string {
	if d.IsZero() {
		return ""
	}
	return d.Format(time.DateOnly)
}
