// Package access owns who may read what: the organ register, scopes, the tables
// that hold them, the definer views that people read, and the known leaks of
// the engine with their probes. It promises that every view carries its scope
// predicate and only cleared columns. It never grants by a code prefix, and
// nobody who is not named in the scope tables sees a row.
package access

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// barrier ends every view. A filter of the reader is not pushed below a limit,
// so it never sees a row outside the scope: neither an error of a conversion
// nor its timing can tell what such a row holds.
const barrier = " LIMIT 9223372036854775807"

// View is one view that people read: its columns and its text.
type View struct {
	Name    string
	ZH, EN  string
	Columns []ViewColumn
	SQL     string // CREATE statement
}

// ViewColumn is one column of a view.
type ViewColumn struct{ Name, ZH, EN string }

// Views lists all views over a base database: one per record type, without the
// personal fields, and the results of the newest committed run.
func Views(base string, c *contract.Catalogue) []View {
	var views []View
	for _, t := range c.Types() {
		views = append(views, recordView(base, t))
	}
	for _, r := range results {
		views = append(views, resultView(base, r))
	}
	slices.SortFunc(views, func(a, b View) int { return strings.Compare(a.Name, b.Name) })
	return views
}

// ReconcileViews creates the databases of views and scopes, the scope tables and
// every view of c as owner. It replaces a view in place, so readers never miss one.
func ReconcileViews(ctx context.Context, owner *warehouse.DB, c *contract.Catalogue) error {
	if err := createStore(ctx, owner); err != nil {
		return err
	}
	database, _ := warehouse.Names(owner.Database())
	if err := owner.Exec(ctx, "CREATE DATABASE IF NOT EXISTS "+database); err != nil {
		return fmt.Errorf("create the database of views: %w", err)
	}
	for _, v := range Views(owner.Database(), c) {
		if err := owner.Exec(ctx, v.SQL); err != nil {
			return fmt.Errorf("create the view %s: %w", v.Name, err)
		}
	}
	return nil
}

// system are the columns of every record that readers see beside the payload.
var system = []ViewColumn{
	{"key", "记录键", "Natural key"},
	{"revision", "修订号", "Revision"},
	{"sender", "报送机关代码", "Sender code"},
	{"business_on", "业务日期", "Business day"},
	{"landed", "入库时间", "Landed"},
	{"flags", "存疑字段", "Flagged fields"},
}

// recordView reads the newest version of a record type. Types without an organ
// are reference data, open to whoever has a scope at all.
func recordView(base string, t *contract.Type) View {
	v := View{Name: t.Name, ZH: t.ZH, EN: t.EN, Columns: slices.Clone(system)}
	for _, c := range t.Columns() {
		f := t.Fields[c.Field]
		if f.Personal != "" && f.Personal != "place" {
			continue
		}
		v.Columns = append(v.Columns, ViewColumn{c.Name, f.ZH + partZH[c.Part], f.EN + partEN[c.Part]})
	}
	organ, compartment := "", ""
	if t.OrganField != "" {
		organ = t.OrganField + "_id"
	}
	if _, ok := t.Field("compartment"); ok {
		compartment = "compartment"
	}
	v.SQL = viewSQL(base, v, fmt.Sprintf("%s.%s FINAL", base, t.Name), "retracted = 0", organ, compartment)
	return v
}

// The parts a field's columns can have.
var (
	partZH = map[string]string{"": "", "id": "（机关标识）", "norm": "（规范）", "year": "（年）"}
	partEN = map[string]string{"": "", "id": " (organ id)", "norm": " (normalised)", "year": " (year)"}
)

// result is a table of batch results that people read.
type result struct {
	name, zh, en, family string
	compartment, table   string // table "" = the name
	ofRun                bool   // table is a view with the parameter run: what the run wrote, and what stays where an earlier one did
	columns              []ViewColumn
}

// results are the tables of batch results. Columns that name a person or a
// place in storage are left out.
var results = []result{
	{"verdict", "判定", "Verdict", "clock", "compartment", "verdict_of", true, []ViewColumn{
		{"finding_id", "线索编号", "Finding id"},
		{"rule", "规则", "Rule"},
		{"rule_version", "规则版本", "Rule version"},
		{"chain", "案链", "Case chain"},
		{"chain_person", "案链人员", "Person within the chain"},
		{"docket", "案件", "Docket"},
		{"person_entry", "涉案人", "Person entry"},
		{"record_key", "记录键", "Record key"},
		{"organ_id", "机关标识", "Organ id"},
		{"responsible_organ_id", "责任机关标识", "Responsible organ id"},
		{"compartment", "隔离区", "Compartment"},
		{"outcome", "结论", "Outcome"},
		{"state", "状态", "State"},
		{"triggered_on", "起算日", "Triggered on"},
		{"due_on", "届满日", "Due on"},
		{"stopped_on", "终止日", "Stopped on"},
		{"period_on", "归属日", "Period day"},
		{"over_units", "超期", "Over by"},
		{"unit", "单位", "Unit"},
		{"missing", "缺少", "Missing"},
		{"provisional", "暂定", "Provisional"},
		{"explanation_zh", "说明", "Explanation (zh)"},
		{"explanation_en", "英文说明", "Explanation (en)"},
	}},
	{"case_event", "案件事件", "Case event", "link", "compartment", "case_event_of", true, []ViewColumn{
		{"chain", "案链", "Case chain"},
		{"chain_person", "案链人员", "Person within the chain"},
		{"docket", "案件", "Docket"},
		{"person_entry", "涉案人", "Person entry"},
		{"organ_id", "机关标识", "Organ id"},
		{"compartment", "隔离区", "Compartment"},
		{"event", "事件", "Event"},
		{"ordinal", "次序", "Ordinal"},
		{"at", "时间", "At"},
		{"precision", "精度", "Precision"},
		{"attributes", "属性", "Attributes"},
		{"record_type", "记录类型", "Record type"},
		{"record_key", "记录键", "Record key"},
	}},
	{"indicator_value", "指标值", "Indicator value", "indicator", "", "indicator_rollup", false, []ViewColumn{
		{"indicator", "指标", "Indicator"},
		{"period_kind", "期间种类", "Period kind"},
		{"period", "期间", "Period"},
		{"period_from", "期间起", "Period from"},
		{"period_to", "期间止", "Period to"},
		{"organ_id", "机关标识", "Organ id"},
		{"coverage", "范围", "Coverage"},
		{"dim", "维度", "Dimension"},
		{"num", "分子", "Numerator"},
		{"den", "分母", "Denominator"},
		{"n", "行数", "Rows"},
		{"undetermined", "无法判定", "Undetermined"},
		{"status", "状态", "Status"},
		{"note", "备注", "Note"},
	}},
}

// resultView reads the newest committed run of a family.
func resultView(base string, r result) View {
	v := View{Name: r.name, ZH: r.zh, EN: r.en, Columns: r.columns}
	newest := fmt.Sprintf("(SELECT run_id FROM %s.run_commit WHERE family = '%s' ORDER BY committed DESC LIMIT 1)", base, r.family)
	from, where := base+"."+cmp.Or(r.table, r.name), "run_id = "+newest
	if r.ofRun {
		from, where = fmt.Sprintf("%s(run = %s)", from, newest), "1 = 1"
	}
	v.SQL = viewSQL(base, v, from, where, "organ_id", r.compartment)
	return v
}

// viewSQL writes a definer view with its predicate and its barrier.
func viewSQL(base string, v View, from, where, organ, compartment string) string {
	database, access := warehouse.Names(base)
	names := make([]string, len(v.Columns))
	for i, c := range v.Columns {
		names[i] = "`" + c.Name + "`"
	}
	predicate := fmt.Sprintf("(SELECT count() FROM %s.scope WHERE account = currentUser()) > 0", access)
	if organ != "" {
		predicate = fmt.Sprintf("`%s` IN (SELECT organ_id FROM %s.scope WHERE account = currentUser())", organ, access)
	}
	if compartment != "" {
		predicate += fmt.Sprintf(" AND `%s` IN (SELECT compartment FROM %s.compartment WHERE account = currentUser())", compartment, access)
	}
	return fmt.Sprintf("CREATE OR REPLACE VIEW %s.`%s` DEFINER = CURRENT_USER SQL SECURITY DEFINER AS SELECT %s FROM %s WHERE %s AND %s%s",
		database, v.Name, strings.Join(names, ", "), from, where, predicate, barrier)
}
