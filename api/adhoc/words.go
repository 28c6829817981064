package adhoc

import (
	"slices"
	"strings"
)

// refusedWords are keywords that change something, set something, write
// something or look behind the views.
var refusedWords = []string{
	"settings", "format", "into", "outfile", "insert", "update", "delete", "alter", "create", "drop", "truncate", "rename", "exchange", "attach", "detach",
	"grant", "revoke", "set", "system", "kill", "optimize", "backup", "restore", "show", "describe", "desc_table", "explain", "exists_table", "use", "execute", "parallel",
	"apply", "infile", "watch", "undrop", "move", "check", "assume", "prewhere", "sample", "recursive", "interpolate", "paste", "global",
}

// refusedNames are names of functions that some place of SQL takes without a
// bracket; a column of that name would have to be renamed.
var refusedNames = []string{"file", "url", "s3", "remote", "remotesecure", "cluster", "clusterallreplicas", "executable", "system", "information_schema", "dictget", "joinget", "getsetting", "getserversetting", "getmacro", "hostname", "fqdn", "currentuser", "sleep", "sleepeachrow", "throwif", "filesystemavailable"}

// bracketWords are keywords that may stand before a bracket.
var bracketWords = []string{
	"select", "distinct", "from", "where", "having", "qualify", "and", "or", "not", "in", "as", "on", "using", "over", "by", "join", "case", "when", "then", "else", "between", "like", "ilike",
	"values", "limit", "offset", "union", "all", "any", "except", "intersect", "interval", "is", "sets", "rollup", "cube", "filter", "with", "return", "div", "mod", "replace", "window", "materialized",
}

// scalars are the functions without side effect and without a look outside of
// their arguments. Names that the engine writes itself stand here too.
var scalars = set(`
plus minus multiply divide intdiv intdivorzero modulo moduloorzero positivemodulo negate abs sign gcd lcm
equals notequals less greater lessorequals greaterorequals isnotdistinctfrom isdistinctfrom and or not xor if multiif ifnull nullif coalesce isnull isnotnull isnullable assumenotnull tonullable isnan isfinite isinfinite ifnotfinite
in notin nullin notnullin like notlike ilike notilike match multisearchany position positioncaseinsensitive positionutf8 locate countsubstrings countsubstringscaseinsensitive
cast _cast accuratecastornull accuratecastordefault reinterpret totypename tuple tupleelement array arrayelement map mapkeys mapvalues mapcontains lambda exists caseexpression casewithexpression casewithoutexpression grouping identity materialize
toint8 toint16 toint32 toint64 toint128 toint256 touint8 touint16 touint32 touint64 touint128 touint256 tofloat32 tofloat64 todecimal32 todecimal64 todecimal128 todecimal256 tobool tostring tofixedstring touuid
toint8ornull toint16ornull toint32ornull toint64ornull touint8ornull touint16ornull touint32ornull touint64ornull tofloat32ornull tofloat64ornull todecimal64ornull todecimal128ornull todateornull todate32ornull todatetimeornull todatetime64ornull toint64orzero touint64orzero tofloat64orzero todateorzero
todate todate32 todatetime todatetime64 totimezone toyear toquarter tomonth toweek toisoweek toisoyear todayofyear todayofmonth todayofweek tohour tominute tosecond tounixtimestamp tostartofyear tostartofisoyear tostartofquarter tostartofmonth tolastdayofmonth tostartofweek tomonday tostartofday tostartofhour tostartofinterval toyyyymm toyyyymmdd toyearweek
addyears addquarters addmonths addweeks adddays addhours addminutes addseconds subtractyears subtractquarters subtractmonths subtractweeks subtractdays subtracthours subtractminutes subtractseconds datediff date_diff age dateadd datesub date_add date_sub datetrunc date_trunc formatdatetime datename monthname parsedatetime parsedatetimebesteffort makedate makedate32 now today yesterday extract year month day quarter week hour minute
tointervalyear tointervalquarter tointervalmonth tointervalweek tointervalday tointervalhour tointervalminute tointervalsecond
length lengthutf8 char_length empty notempty lower upper lowerutf8 upperutf8 trim trimleft trimright trimboth ltrim rtrim substring substr substringutf8 substringindex left right leftutf8 rightutf8 leftpad rightpad leftpadutf8 rightpadutf8 concat concatwithseparator concat_ws replaceall replaceone replace replaceregexpall replaceregexpone reverse reverseutf8 startswith endswith splitbychar splitbystring alphatokens format_number repeat regexp_extract extractall
round floor ceil ceiling trunc truncate_number roundbankers sqrt cbrt exp exp2 exp10 log ln log2 log10 pow power sin cos tan least greatest intexp10 tobankers bitand bitor bitxor width_bucket
arraymap arrayfilter arraycount arrayexists arrayall arraysum arraymin arraymax arrayavg arraysort arrayreversesort arrayreverse arraydistinct arrayuniq arrayconcat arrayslice arraypushback arraypushfront arraystringconcat arrayfirst arraylast arrayfirstindex arrayenumerate arraycumsum arraydifference arrayzip arrayflatten arraycompact arrayintersect arrayjoin has hasall hasany indexof countequal range emptyarraystring
cityhash64 siphash64 xxhash64 tolowcardinality runningdifference columns
__scalarsubqueryresult __actionname __getscalar _subquery
numbers values null_values
`)

// aggregates take the suffixes of combinators; windows among them.
var aggregates = set(`
count sum avg min max any anylast uniq uniqexact uniqcombined uniqhll12 grouparray groupuniqarray grouparraysorted quantile quantiles quantileexact quantilesexact quantiletdigest quantilestdigest quantileexactweighted median medianexact
stddevpop stddevsamp varpop varsamp covarpop covarsamp corr skewpop skewsamp kurtpop kurtsamp topk sumwithoverflow sumkahan avgweighted simplelinearregression entropy first_value last_value nth_value countdistinct
row_number rank dense_rank percent_rank cume_dist ntile lag lead laginframe leadinframe stddev_pop stddev_samp var_pop var_samp argmin argmax
`)

// combinators are the suffixes of aggregates.
var combinators = []string{"if", "distinct", "ornull", "ordefault", "array", "map"}

// set makes a set of the words of a text.
func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// allowedFunction reports whether a function is on the list.
func allowedFunction(name string) bool {
	name = strings.ToLower(name)
	if scalars[name] || aggregates[name] {
		return true
	}
	for range 3 {
		i := slices.IndexFunc(combinators, func(c string) bool { return strings.HasSuffix(name, c) })
		if i < 0 {
			return false
		}
		name = strings.TrimSuffix(name, combinators[i])
		if aggregates[name] {
			return true
		}
	}
	return false
}
