package contract

import (
	"errors"
	"os"
	"path"
	"strings"

	"gopkg.in/yaml.v3"
)

// CodeList is a list of codes (代码表) that several fields share.
type CodeList struct {
	Name, ZH, EN, Doc  string
	SourceZH, SourceEN string // the standard or article that it follows, or that it is the project's own; "" in lists released before sources were kept
	Values             []Value
}

// Codes returns the shared code list of that name.
func (c *Catalogue) Codes(name string) (CodeList, bool) {
	l, ok := c.codes[name]
	return l, ok
}

// loadCodes reads the shared lists; one of the overlay replaces the embedded one
// of its name.
func (c *Catalogue) loadCodes(overlay string) Problems {
	c.codes = map[string]CodeList{}
	problems := c.codesOf(layer{fsys: embedded, pattern: "codes/*.yaml"})
	if overlay != "" {
		problems = append(problems, c.codesOf(layer{fsys: os.DirFS(overlay), pattern: "codes/*.yaml", dir: overlay})...)
	}
	return problems
}

func (c *Catalogue) codesOf(l layer) Problems {
	err := ReadYAML(l.fsys, l.pattern, func(file string, root *yaml.Node) []Problem {
		r := NewReading(root)
		o := r.Object(root, "codes", "zh", "en", "doc", "source", "values")
		r.Need(o, "codes", "zh", "en", "doc", "values")
		list := CodeList{Name: r.Text(o.At("codes")), ZH: r.Text(o.At("zh")), EN: r.Text(o.At("en")), Doc: r.Text(o.At("doc"))}
		if root := o.At("source"); o.Has("source") {
			source := r.Object(root, "zh", "en")
			r.Need(source, "zh", "en")
			list.SourceZH, list.SourceEN = r.Text(source.At("zh")), r.Text(source.At("en"))
		}
		r.ID = list.Name
		if list.Name != "" && list.Name+".yaml" != path.Base(file) {
			r.refuse(o.At("codes"), "codes_file", list.Name)
		}
		list.Values = values(r, o.At("values"))
		c.codes[list.Name] = list
		return r.Problems()
	})
	var problems Problems
	if errors.As(err, &problems) {
		for i := range problems {
			problems[i].File = path.Join(l.dir, problems[i].File)
		}
		return problems
	}
	if err != nil {
		return Problems{{File: path.Join(l.dir, l.pattern), What: err.Error(), Remedy: "check that the folder can be read"}}
	}
	return nil
}

// values reads {code: 名称}; a code holds nothing that SQL or a file name minds.
func values(r *Reading, n *yaml.Node) []Value {
	var out []Value
	o := r.Object(n)
	for _, code := range o.Keys {
		if strings.ContainsAny(code, "'\\`,=") {
			r.refuse(o.At(code), "bad_code", code)
		}
		out = append(out, Value{Code: code, ZH: r.Text(o.At(code))})
	}
	return out
}

// share gives an enum the values of the shared list it names.
func (c *Catalogue) share(r *Reading, p *parsed) {
	for i := range p.Fields {
		f, at := &p.Fields[i], p.fields[i].At("codes")
		if f.Codes == "" {
			continue
		}
		if p.fields[i].Has("values") {
			r.refuse(at, "values_twice", f.Name)
		}
		list, ok := c.codes[f.Codes]
		if !ok {
			r.refuse(at, "unknown_codes", f.Codes)
		}
		f.Values = list.Values
	}
}
