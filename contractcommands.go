package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"hengjian/ingest/decode"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

type contractCommand struct {
	Check      contractCheckCommand `cmd:"" help:"Check records on standard input offline, before they are sent."`
	Diff       contractDiffCommand  `cmd:"" help:"Say whether contracts may follow others; exit 1 if not."`
	Schema     schemaCommand        `cmd:"" help:"Print the JSON Schema of one record type's messages."`
	Sample     sampleCommand        `cmd:"" help:"Print a sample message of one record type."`
	Asyncapi   asyncapiCommand      `cmd:"" help:"Print the AsyncAPI 3 document of all topics."`
	Dictionary dictionaryCommand    `cmd:"" help:"Print the data dictionary as Markdown."`
	Region     regionCommand        `cmd:"" help:"Print what a region code meant, what ended it and what took over."`
	Docs       contractDocsCommand  `cmd:"" help:"Write dictionary, schemas, samples and AsyncAPI document to a folder."`
}

// typeOf finds the record type that a person named.
func typeOf(c *call, name string) (*contract.Catalogue, *contract.Type, error) {
	defs, err := contract.Load(c.cfg.Definitions)
	if err != nil {
		return nil, nil, err
	}
	t, ok := defs.Type(name)
	if !ok {
		return nil, nil, &warehouse.Error{Code: warehouse.NotFound, Message: fmt.Sprintf("there is no record type %q (没有这个记录类型): hengjian contract dictionary lists them", name)}
	}
	return defs, t, nil
}

type contractCheckCommand struct {
	Type    string `arg:"" help:"Record type, such as case."`
	Payload bool   `help:"Each line is a payload alone, without its envelope."`
	Organs  string `help:"JSON lines of the organ register (payloads of type organ); without it organ codes are not checked." placeholder:"FILE" type:"existingfile"`
	File    string `help:"Read this file instead of standard input." placeholder:"FILE" type:"existingfile"`
}

// Help gives an example.
func (contractCheckCommand) Help() string {
	return "Example: hengjian contract check case < cases.jsonl\nPrints one JSON line per refused record with line, field, rule and remedy; exit 1 if there is one."
}

// Run checks all lines.
func (k contractCheckCommand) Run(c *call) (err error) {
	defs, t, err := typeOf(c, k.Type)
	if err != nil {
		return err
	}
	in := io.Reader(os.Stdin)
	if k.File != "" {
		file, err := os.Open(k.File)
		if err != nil {
			return fmt.Errorf("read the records: %w", err)
		}
		defer file.Close()
		in = file
	}
	checker, err := decode.NewChecker(defs, t, decode.CheckOptions{Payloads: k.Payload})
	if err != nil {
		return err
	}
	if k.Organs != "" {
		file, err := os.Open(k.Organs)
		if err != nil {
			return fmt.Errorf("read the organ register: %w", err)
		}
		defer file.Close()
		if err := checker.Organs(file); err != nil {
			return err
		}
	}
	out := json.NewEncoder(c.out)
	out.SetEscapeHTML(false)
	tally, err := checker.Run(c.ctx, in, func(f decode.Finding) error { return out.Encode(f) })
	if err != nil {
		return err
	}
	fmt.Fprintf(c.err, "%d records, %d refused, %d flagged (%d 条，拒收 %d，存疑 %d)\n", tally.Read, tally.Refused, tally.Flagged, tally.Read, tally.Refused, tally.Flagged)
	if k.Organs == "" {
		fmt.Fprintln(c.err, "organ codes were not checked: give --organs (未核对机关代码)")
	}
	if tally.Refused > 0 {
		return &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("%d records would be refused (将被拒收)", tally.Refused)}
	}
	return nil
}

type contractDiffCommand struct {
	Old string `arg:"" help:"Folder with types/ and codes/, one contract file, or 'current' for the contracts of this program."`
	New string `arg:"" help:"What is to follow, named likewise."`
}

// Help gives an example.
func (contractDiffCommand) Help() string {
	return "Example: hengjian contract diff warehouse/contract/released/1 current\nAllowed: new types, optional fields, codes and events, longer texts, a renamed field with aliases. All else is refused."
}

// Run prints every difference; refused ones make it fail.
func (d contractDiffCommand) Run(c *call) error {
	load := func(place string) (*contract.Catalogue, error) {
		if place == "current" {
			return contract.Load(c.cfg.Definitions)
		}
		return contract.LoadFrom(place)
	}
	old, errOld := load(d.Old)
	next, errNew := load(d.New)
	if err := errors.Join(errOld, errNew); err != nil {
		return err
	}
	refused := 0
	for _, change := range contract.Diff(old, next) {
		fmt.Fprintln(c.out, change)
		if !change.Allowed {
			refused++
		}
	}
	if refused > 0 {
		return &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("%d changes are refused: senders or stored records would break (不兼容的变更)", refused)}
	}
	return nil
}

type schemaCommand struct {
	Type string `arg:"" help:"Record type, such as case."`
}

// Help gives an example.
func (schemaCommand) Help() string {
	return "Example: hengjian contract schema case > case.schema.json"
}

// Run prints the schema.
func (s schemaCommand) Run(c *call) error {
	_, t, err := typeOf(c, s.Type)
	if err != nil {
		return err
	}
	return t.Schema(c.out)
}

type sampleCommand struct {
	Type string `arg:"" help:"Record type, such as case."`
}

// Help gives an example.
func (sampleCommand) Help() string { return "Example: hengjian contract sample case" }

// Run prints the sample.
func (s sampleCommand) Run(c *call) error {
	_, t, err := typeOf(c, s.Type)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s\n", t.Sample())
	return nil
}

type asyncapiCommand struct{}

// Help gives an example.
func (asyncapiCommand) Help() string { return "Example: hengjian contract asyncapi > asyncapi.json" }

// Run prints the document.
func (asyncapiCommand) Run(c *call) error {
	defs, err := contract.Load(c.cfg.Definitions)
	if err != nil {
		return err
	}
	return defs.AsyncAPI(c.out)
}

type dictionaryCommand struct {
	Lang string `help:"zh or en." default:"zh" enum:"zh,en"`
}

// Help gives an example.
func (dictionaryCommand) Help() string { return "Example: hengjian contract dictionary --lang en" }

// Run prints the dictionary.
func (d dictionaryCommand) Run(c *call) error {
	defs, err := contract.Load(c.cfg.Definitions)
	if err != nil {
		return err
	}
	return defs.Dictionary(c.out, d.Lang)
}

type contractDocsCommand struct {
	Out string `help:"Folder to write to." default:"deploy/docs" type:"path"`
}

// Help gives an example.
func (contractDocsCommand) Help() string { return "Example: hengjian contract docs --out deploy/docs" }

// Run writes every document that follows from the contracts.
func (d contractDocsCommand) Run(c *call) error {
	defs, err := contract.Load(c.cfg.Definitions)
	if err != nil {
		return err
	}
	put := func(name string, write func(io.Writer) error) {
		if err == nil {
			err = writeDocument(filepath.Join(d.Out, name), write)
		}
	}
	put("dictionary.zh-CN.md", func(w io.Writer) error { return defs.Dictionary(w, "zh") })
	put("dictionary.md", func(w io.Writer) error { return defs.Dictionary(w, "en") })
	put("asyncapi.json", defs.AsyncAPI)
	for _, t := range defs.Types() {
		put(filepath.Join("schema", t.Name+".json"), t.Schema)
		put(filepath.Join("samples", t.Name+".json"), func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "%s\n", t.Sample())
			return err
		})
	}
	return err
}

func writeDocument(path string, write func(io.Writer) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return write(file)
}
