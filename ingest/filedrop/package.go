package filedrop

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"hengjian/warehouse"
)

// Limits of a package. A member that unpacks to more than ratio times its packed
// size is taken for a bomb.
const (
	maxPackage  = 1 << 30
	maxMembers  = 1000
	maxUnpacked = 4 << 30
	ratio       = 200
	maxManifest = 4 << 20
)

// Manifest names what a package holds (清单); it is the file manifest.json of it.
type Manifest struct {
	Package string   `json:"package"` // the sender's own number of the package
	Sender  string   `json:"sender"`  // organ code
	Created string   `json:"created"` // RFC 3339, stands as sending time where a format has none
	Members []Member `json:"members"`
}

// Member is one file of a package: records of one type.
type Member struct {
	Name       string `json:"name"`
	RecordType string `json:"record_type"`
	Format     string `json:"format"` // jsonl, csv or xml
	SHA256     string `json:"sha256"`
	Records    uint64 `json:"records"`
}

// Formats of members.
const (
	formatJSONL = "jsonl"
	formatCSV   = "csv"
	formatXML   = "xml"
)

// Opened is a package whose every part was checked.
type Opened struct {
	Manifest Manifest
	Digest   string // hex SHA-256 of the manifest: the package's identity
	Signed   bool   // a signature was there and is right
	zip      *zip.Reader
}

// Keys are the public keys (ed25519) by sender; a sender with a key must sign.
type Keys map[string]ed25519.PublicKey

// Open checks a whole package before anything of it is read: its form, its
// manifest, the signature manifest.sig over the manifest, and the digest of
// every member. Invalid, naming the member, when any part is not as it must be;
// a package is taken whole or not at all. Where the manifest could be read, it is
// in the answer of a refused package too.
func Open(r io.ReaderAt, size int64, keys Keys) (*Opened, error) {
	if size > maxPackage {
		return nil, refused("", "the package is larger than 1 GiB: split it", "数据包超过 1 GiB，请拆分")
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, refused("", "the package is not a whole zip file: send it again, and rename it to .zip only when it is complete", "数据包不完整或不是 zip，请在写完后再改名为 .zip")
	}
	if err := checkNames(z); err != nil {
		return nil, err
	}
	o := &Opened{zip: z}
	text, err := o.small("manifest.json")
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&o.Manifest); err != nil || decoder.More() {
		return nil, refused("manifest.json", "the manifest is not valid: "+fmt.Sprint(err), "清单格式不正确")
	}
	sum := sha256.Sum256(text)
	o.Digest = hex.EncodeToString(sum[:])
	if err := o.checkSignature(text, keys); err != nil {
		return o, err
	}
	return o, o.checkMembers()
}

// Refusal is one reason for which a package is refused whole; Member is the file
// of the package that it is about, "" for the package itself.
type Refusal struct{ Member, EN, ZH string }

// Error gives the reason in English.
func (r *Refusal) Error() string { return r.EN }

// Refusals collects every refusal that err holds; none when it is another failure.
func Refusals(err error) []Refusal {
	switch e := err.(type) { //nolint:errorlint // the walk is the point: joined errors have several
	case nil:
		return nil
	case *Refusal:
		return []Refusal{*e}
	case interface{ Unwrap() []error }:
		var all []Refusal
		for _, one := range e.Unwrap() {
			all = append(all, Refusals(one)...)
		}
		return all
	}
	return Refusals(errors.Unwrap(err))
}

func refused(member, en, zh string) error {
	reason := &Refusal{member, en, zh}
	if member != "" {
		en, zh = member+": "+en, member+"："+zh
	}
	return &warehouse.Error{Code: warehouse.Invalid, Message: "the package is refused whole: " + en + " (整包退回：" + zh + ")", Err: reason}
}

// checkNames refuses names that lead out of the package, stand twice or are no
// plain files.
func checkNames(z *zip.Reader) error {
	if len(z.File) > maxMembers {
		return refused("", "it holds more than 1000 files", "文件超过 1000 个")
	}
	seen := map[string]bool{}
	for _, f := range z.File {
		clean := path.Clean(f.Name)
		switch {
		case f.Name == "" || clean != f.Name || !fs.ValidPath(f.Name) || strings.ContainsAny(f.Name, "\\:\x00"):
			return refused(f.Name, "the name leads out of the package or is no plain relative name", "文件名越界或不规范")
		case !f.Mode().IsRegular():
			return refused(f.Name, "it is a link or a folder, not a file", "不是普通文件")
		case seen[strings.ToLower(f.Name)]:
			return refused(f.Name, "the name stands twice", "文件名重复")
		case f.UncompressedSize64 > maxUnpacked || f.UncompressedSize64 > ratio*max(f.CompressedSize64, 1<<10):
			return refused(f.Name, "it unpacks to far more than it holds", "压缩比异常，疑似压缩炸弹")
		}
		seen[strings.ToLower(f.Name)] = true
	}
	return nil
}

// small reads a file of the package that must be small.
func (o *Opened) small(name string) ([]byte, error) {
	file, err := o.zip.Open(name)
	if err != nil {
		return nil, refused(name, "it is missing", "缺少该文件")
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxManifest+1))
	if err != nil || len(text) > maxManifest {
		return nil, refused(name, "it cannot be read or is too large", "无法读取或过大")
	}
	return text, nil
}

// checkSignature wants one of every sender whose key is known.
func (o *Opened) checkSignature(manifest []byte, keys Keys) error {
	key, known := keys[o.Manifest.Sender]
	has := slices.ContainsFunc(o.zip.File, func(f *zip.File) bool { return f.Name == "manifest.sig" })
	switch {
	case !known && !has:
		return nil
	case !known:
		return refused("manifest.sig", "no public key of this sender is known here", "未登记该报送单位的公钥")
	case !has:
		return refused("manifest.sig", "this sender signs its packages and this one is not signed", "该报送单位的数据包应当签名")
	}
	text, err := o.small("manifest.sig")
	if err != nil {
		return err
	}
	signature, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(signature) != ed25519.SignatureSize || !ed25519.Verify(key, manifest, signature) {
		return refused("manifest.sig", "the signature does not fit the manifest", "签名与清单不符")
	}
	o.Signed = true
	return nil
}

// checkMembers compares every member with the manifest, byte for byte.
func (o *Opened) checkMembers() error {
	var problems []error
	named := map[string]bool{"manifest.json": true, "manifest.sig": true}
	var total uint64
	if o.Manifest.Sender == "" || len(o.Manifest.Members) == 0 {
		problems = append(problems, refused("manifest.json", "sender and members are needed", "缺少报送单位或文件清单"))
	}
	for _, m := range o.Manifest.Members {
		if named[m.Name] {
			problems = append(problems, refused(m.Name, "it stands twice in the manifest", "清单中重复"))
			continue
		}
		named[m.Name] = true
		n, err := o.checkMember(m, maxUnpacked-min(total, maxUnpacked))
		total += n
		problems = append(problems, err)
	}
	for _, f := range o.zip.File {
		if !named[f.Name] {
			problems = append(problems, refused(f.Name, "the manifest does not name it", "清单未列明"))
		}
	}
	return errors.Join(problems...)
}

func (o *Opened) checkMember(m Member, left uint64) (uint64, error) {
	if !slices.Contains([]string{formatJSONL, formatCSV, formatXML}, m.Format) {
		return 0, refused(m.Name, "the format is jsonl, csv or xml", "格式应为 jsonl、csv 或 xml")
	}
	file, err := o.zip.Open(m.Name)
	if err != nil {
		return 0, refused(m.Name, "it is missing", "缺少该文件")
	}
	defer file.Close()
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(file, int64(left)+1))
	switch {
	case err != nil:
		return uint64(n), refused(m.Name, "it cannot be unpacked: it is damaged", "无法解压，文件损坏")
	case uint64(n) > left:
		return uint64(n), refused(m.Name, "the package unpacks to more than 4 GiB", "解压后超过 4 GiB")
	case hex.EncodeToString(h.Sum(nil)) != strings.ToLower(m.SHA256):
		return uint64(n), refused(m.Name, "its digest is not the one in the manifest: it was changed on the way", "摘要与清单不符，文件被改动")
	}
	return uint64(n), nil
}
