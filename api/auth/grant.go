package auth

import (
	"slices"

	"hengjian/warehouse/access"
)

// The roles of people.
const (
	Leadership = "leadership" // 领导: pictures, findings, chains
	Analyst    = "analyst"    // 分析: the same, and SQL over the views
	Disclosure = "disclosure" // 信息公开: indicators and comparison, no case
	Steward    = "steward"    // 数据管理: arrival and quarantine of own data
)

// grants says which roles may do an operation, by the operationId of the
// document. What does not stand here is denied.
var grants = map[string][]string{
	"getSession":            {Leadership, Analyst, Disclosure, Steward},
	"signOut":               {Leadership, Analyst, Disclosure, Steward},
	"listOrgans":            {Leadership, Analyst, Disclosure, Steward},
	"listRegions":           {Leadership, Analyst, Disclosure, Steward},
	"getGlossary":           {Leadership, Analyst, Disclosure, Steward},
	"listRules":             {Leadership, Analyst, Disclosure, Steward},
	"listRuns":              {Leadership, Analyst, Disclosure, Steward},
	"listIndicators":        {Leadership, Analyst, Disclosure, Steward},
	"getIndicator":          {Leadership, Analyst, Disclosure, Steward},
	"getOverview":           {Leadership, Analyst, Disclosure},
	"listIndicatorValues":   {Leadership, Analyst, Disclosure},
	"getLineage":            {Leadership, Analyst, Disclosure},
	"listRestatements":      {Leadership, Analyst, Disclosure},
	"getNation":             {Leadership, Analyst, Disclosure},
	"listOfficialFigures":   {Leadership, Analyst, Disclosure},
	"getComparison":         {Leadership, Analyst, Disclosure},
	"getCourse":             {Leadership, Analyst, Disclosure},
	"listReportingPatterns": {Leadership, Analyst},
	"listPatternEvidence":   {Leadership, Analyst},
	"listFindings":          {Leadership, Analyst},
	"getFindingSummary":     {Leadership, Analyst, Disclosure},
	"getFinding":            {Leadership, Analyst},
	"getFindingHistory":     {Leadership, Analyst},
	"getFindingPrecision":   {Leadership, Analyst},
	"listFindingWork":       {Leadership, Analyst},
	"actOnFinding":          {Leadership, Analyst},
	"getChain":              {Leadership, Analyst},
	"explainLink":           {Leadership, Analyst},
	"listLinkReview":        {Leadership, Analyst},
	"listLinkDecisions":     {Leadership, Analyst},
	"getLinkAccuracy":       {Leadership, Analyst},
	"decideLink":            {Leadership, Analyst},
	"listBrokenLinks":       {Leadership, Analyst},
	"listStreams":           {Leadership, Analyst, Steward},
	"listFates":             {Leadership, Analyst, Steward},
	"listVerifications":     {Leadership, Analyst, Steward},
	"listSequenceGaps":      {Leadership, Analyst, Steward},
	"listQualityChecks":     {Leadership, Analyst, Steward},
	"listQualityLooks":      {Leadership, Analyst, Steward},
	"listSenders":           {Leadership, Analyst, Steward},
	"listReceipts":          {Leadership, Analyst, Steward},
	"listQuarantine":        {Steward},
	"postPackage":           {Steward},
	"patchPackage":          {Steward},
	"getPackage":            {Steward},
	"listTables":            {Analyst},
	"listQueries":           {Analyst},
	"getQueryLimits":        {Analyst},
	"runQuery":              {Analyst},
	"getQuery":              {Analyst},
	"cancelQuery":           {Analyst},
	"getQueryCSV":           {Analyst},
}

// Allowed reports whether a role is granted an operation.
func Allowed(role, operation string) bool { return slices.Contains(grants[operation], role) }

// Operations lists what a role is granted, in order of name.
func Operations(role string) []string {
	var out []string
	for operation, roles := range grants {
		if slices.Contains(roles, role) {
			out = append(out, operation)
		}
	}
	slices.Sort(out)
	return out
}

// Granted lists every operation that any role is granted.
func Granted() []string {
	out := make([]string, 0, len(grants))
	for operation := range grants {
		out = append(out, operation)
	}
	slices.Sort(out)
	return out
}

// DevelopmentNames are the accounts of a development start.
func DevelopmentNames() []string { return []string{"leader", "analyst", "steward", "publisher"} }

// DevelopmentAccounts gives the accounts of a development start their scope by
// the register as it stands: leader and publisher the topmost procuratorate,
// analyst the first provincial one that leads others, steward the first police
// organ. An account whose organ is not in the register yet sees nothing.
func DevelopmentAccounts(r *access.Register) []access.Account {
	var national, provincial, police []string
	for _, o := range r.All() {
		switch {
		case o.System == "procuratorate" && o.Level == "national" && national == nil:
			national = []string{o.ID}
		case o.System == "procuratorate" && o.Level == "provincial" && provincial == nil && len(r.Led(o.ID)) > 1:
			provincial = []string{o.ID}
		case o.System == "police" && police == nil:
			police = []string{o.ID}
		}
	}
	usual := []string{"general", "juvenile", "supervisory"}
	return []access.Account{
		{Name: "leader", Role: Leadership, Slot: "reader_00", Organs: national, Compartments: usual},
		{Name: "analyst", Role: Analyst, Slot: "reader_01", Organs: provincial, Compartments: []string{"general"}},
		{Name: "steward", Role: Steward, Slot: "reader_02", Organs: police, Compartments: []string{"general"}},
		{Name: "publisher", Role: Disclosure, Slot: "reader_03", Organs: national, Compartments: []string{"general"}},
	}
}
