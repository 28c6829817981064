package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestDocumentsSayWhatIs holds the documents for people against the product: the
// commands, settings and links that they name exist, and the Chinese twin names
// the same commands.
func TestDocumentsSayWhatIs(t *testing.T) {
	for _, name := range []string{"README", "deploy/docs/leadership", "deploy/docs/analysts", "deploy/docs/disclosure", "deploy/docs/departments", "deploy/docs/operators"} {
		en, zh := commandsOf(t, name+".md"), commandsOf(t, name+".zh-CN.md")
		if !slices.Equal(en, zh) && name != "README" { // the Chinese README is shorter
			t.Errorf("%s: the English document names %q, the Chinese one %q", name, en, zh)
		}
	}
}

var (
	commandInLine = regexp.MustCompile("`(?:bin/)?hengjian ([^`]+)`")
	settingInLine = regexp.MustCompile("`((?:log|clickhouse|kafka|ingest|jobs|simulate)\\.[a-z_]+)`")
	linkInLine    = regexp.MustCompile(`\]\(([^)#]+)\)`)
)

// commandsOf checks one document and returns the commands that it names, without
// what stands after them.
func commandsOf(t *testing.T, file string) (commands []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, settings, err := loadConfig("", func() []string { return nil }, nil)
	if err != nil {
		t.Fatal(err)
	}
	inCode := false
	for i, line := range strings.Split(string(text), "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			inCode = !inCode
			continue
		}
		check := func(command string, whole bool) {
			name, err := parsedCommand(command)
			// A command named in a sentence may lack its flags; one to copy may not.
			if err != nil && (whole || !strings.Contains(err.Error(), "missing flags") && !strings.Contains(err.Error(), `expected "`)) {
				t.Errorf("%s:%d: hengjian %s: %v", file, i+1, command, err)
			}
			commands = append(commands, name)
		}
		if command, ours := strings.CutPrefix(strings.TrimPrefix(strings.TrimSpace(line), "bin/"), "hengjian "); inCode && ours {
			check(command, true)
			continue
		}
		for _, found := range commandInLine.FindAllStringSubmatch(line, -1) {
			check(found[1], false)
		}
		for _, found := range settingInLine.FindAllStringSubmatch(line, -1) {
			if !slices.ContainsFunc(settings, func(s setting) bool { return s.key == found[1] }) {
				t.Errorf("%s:%d: there is no setting %s", file, i+1, found[1])
			}
		}
		for _, found := range linkInLine.FindAllStringSubmatch(line, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), found[1])); err != nil {
				t.Errorf("%s:%d: the link leads nowhere: %v", file, i+1, err)
			}
		}
	}
	return commands
}

// parsedCommand lets the command line read a command as the documents have it and
// returns which one it is.
func parsedCommand(text string) (string, error) {
	text, _, _ = strings.Cut(text, "  #")
	text, _, _ = strings.Cut(text, " <")
	var args []string
	for i, part := range regexp.MustCompile(`["']`).Split(strings.TrimSpace(text), -1) {
		if i%2 == 1 {
			args = append(args, part) // in quotes
		} else {
			args = append(args, strings.Fields(part)...)
		}
	}
	var c cli
	parser, err := kong.New(&c, kong.Name("hengjian"), kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) {}), kong.BindTo(context.Background(), (*context.Context)(nil)))
	if err != nil {
		return "", err
	}
	name := strings.Join(args[:min(2, len(args))], " ")
	parsed, err := parser.Parse(args)
	if err != nil {
		return name, err
	}
	return parsed.Command(), nil
}
