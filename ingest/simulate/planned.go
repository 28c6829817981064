package simulate

// outcome is what the plan says a clock must find (判定结果).
type outcome uint8

const (
	inTime outcome = iota
	dueSoon
	cannotJudge
	undocumented // extended_without_document
	outOfTime
	notApplicable
	outcomeCount
)

var outcomeNames = [outcomeCount]string{"in_time", "due_soon", "cannot_judge", "extended_without_document", "out_of_time", "not_applicable"}

// worst is the outcome of a unit with several phases: the later in the list
// above, except that not_applicable never meets another.
func worst(a, b outcome) outcome { return max(a, b) }

type rule uint8

const (
	ruleDetention      rule = iota // 拘留后提请批捕与审查批捕
	ruleProsecution                // 审查起诉
	ruleTrial                      // 一审
	ruleRecommendation             // 检察建议回复
	ruleNotice                     // 纠正违法通知书回复
	ruleCount
)

var ruleNames = [ruleCount]string{"R032R033", "R060", "R070", "R110", "R114"}

type indicator uint8

const (
	ar01a indicator = iota // 受理审查逮捕
	ar01b                  // 审结审查逮捕
	ar02b                  // 不捕率
	ar03                   // 不捕类型构成
	pr01a                  // 受理审查起诉
	pr01b                  // 审结审查起诉
	pr02                   // 不诉率
	sv04                   // 侦查活动违法纠正率
	tr01                   // 刑事抗诉改变率
	ex01                   // 减假暂不当纠正率
	su01                   // 检察建议按期回复率
	su02                   // 纠正违法通知书按期回复率
	indicatorCount
)

var indicatorNames = [indicatorCount]string{"AR01a", "AR01b", "AR02b", "AR03", "PR01a", "PR01b", "PR02", "SV04", "TR01", "EX01", "SU01", "SU02"}

// flows have no denominator.
var flows = [indicatorCount]bool{ar01a: true, ar01b: true, pr01a: true, pr01b: true}

var refusalKinds = [...]string{"not_a_crime", "insufficient_evidence", "no_necessity"}

// plannedVerdict is one unit's outcome as planned.
type plannedVerdict struct {
	rule    rule
	outcome outcome
	organ   *organ
}

// plannedCell is one unit's share of an indicator cell as planned. Of a rate,
// num and den are what this unit adds to each; dim is 1 + the refusal kind.
type plannedCell struct {
	indicator     indicator
	dim           uint8
	organ         *organ
	month         int32
	num, den, und int32
}

func (c *chain) verdict(r rule, o *organ, out outcome) {
	c.verdicts = append(c.verdicts, plannedVerdict{r, out, o})
}

func (c *chain) count(i indicator, o *organ, at day, num, den int) {
	c.cells = append(c.cells, plannedCell{indicator: i, organ: o, month: at.month(), num: int32(num), den: int32(den)})
}

func (c *chain) undetermined(i indicator, o *organ, at day) {
	c.cells = append(c.cells, plannedCell{indicator: i, organ: o, month: at.month(), und: 1})
}

// note names a planned kind; the package comment lists them.
type note uint8

const (
	requestInTime note = iota
	requestBoundary
	requestSpecial
	requestSpecialDaysUnsaid
	requestThirty
	requestLate
	requestLateExtended
	requestUndocumented
	executionUnrecorded
	endedInTime
	endedBoundary
	endedSpecial
	endedLate
	heldInTime
	heldDueSoon
	heldLate
	askedJustNow
	askedUnanswered
	reviewInTime
	reviewBoundary
	reviewLate
	reviewRunning
	reviewDueSoon
	reviewRunningLate
	reviewUnlinked
	reviewAcceptanceUnrecorded
	reviewDecisionUnrecorded
	refusalKindUnrecorded
	prosecutionInTime
	prosecutionBoundary
	prosecutionLate
	prosecutionExtended
	prosecutionExtendedBoundary
	prosecutionExtendedLate
	prosecutionUndocumented
	prosecutionFastTrack
	prosecutionFastBoundary
	prosecutionFastLate
	prosecutionFastOverYear
	prosecutionReturned
	prosecutionReturnedTwice
	prosecutionReturnLate
	prosecutionResubmittedLate
	prosecutionAcceptanceUnrecorded
	prosecutionDecisionUnrecorded
	prosecutionCustodyUnsaid
	prosecutionRunning
	prosecutionDueSoon
	prosecutionRunningLate
	returnRunning
	returnDueSoon
	returnRunningLate
	trialSummary
	trialFastTrack
	trialInTime
	trialBoundary
	trialLate
	trialExtended
	trialExtendedLate
	trialUndocumented
	trialNoStatedLimit
	trialSuspended
	trialProcedureUnrecorded
	trialFilingUnrecorded
	trialRunning
	trialDueSoon
	trialRunningLate
	protestUndetermined
	protestUnattributed
	replyInTime
	replyBoundary
	replyLate
	replyStated
	replyStatedUnserved
	replyRunning
	replyDueSoon
	replyRunningLate
	replyServiceUnrecorded
	matterUnrecorded
	personsUnrecorded
	referenceMissing
	referenceMistyped
	identityMissing
	identityBadCheck
	identityLegacy
	identityMistyped
	identityExchanged
	identityLent
	nameHomophone
	nameTraditional
	nameMistyped
	nameTranscribed
	birthMissing
	birthOff
	birthSwapped
	birthFirst
	deliveryLost
	deliveryProven
	noteCount
)

var noteNames = [noteCount]string{
	"request_in_time", "request_boundary", "request_special", "request_special_days_unsaid", "request_thirty",
	"request_late", "request_late_extended", "request_undocumented", "execution_unrecorded",
	"ended_in_time", "ended_boundary", "ended_special", "ended_late", "held_in_time", "held_due_soon", "held_late", "asked_just_now", "asked_unanswered",
	"review_in_time", "review_boundary", "review_late", "review_running", "review_due_soon", "review_running_late", "review_unlinked",
	"review_acceptance_unrecorded", "review_decision_unrecorded", "refusal_kind_unrecorded",
	"prosecution_in_time", "prosecution_boundary", "prosecution_late", "prosecution_extended", "prosecution_extended_boundary", "prosecution_extended_late",
	"prosecution_undocumented", "prosecution_fast_track", "prosecution_fast_boundary", "prosecution_fast_late", "prosecution_fast_over_year",
	"prosecution_returned", "prosecution_returned_twice", "prosecution_return_late", "prosecution_resubmitted_late",
	"prosecution_acceptance_unrecorded", "prosecution_decision_unrecorded", "prosecution_custody_unsaid",
	"prosecution_running", "prosecution_due_soon", "prosecution_running_late", "return_running", "return_due_soon", "return_running_late",
	"trial_summary", "trial_fast_track", "trial_in_time", "trial_boundary", "trial_late", "trial_extended", "trial_extended_late",
	"trial_undocumented", "trial_no_stated_limit", "trial_suspended", "trial_procedure_unrecorded", "trial_filing_unrecorded",
	"trial_running", "trial_due_soon", "trial_running_late", "protest_undetermined", "protest_unattributed",
	"reply_in_time", "reply_boundary", "reply_late", "reply_stated", "reply_stated_unserved", "reply_running", "reply_due_soon", "reply_running_late",
	"reply_service_unrecorded", "matter_unrecorded", "persons_unrecorded",
	"reference_missing", "reference_mistyped", "identity_missing", "identity_bad_check", "identity_legacy",
	"identity_mistyped", "identity_exchanged", "identity_lent", "name_homophone", "name_traditional", "name_mistyped", "name_transcribed",
	"birth_missing", "birth_off", "birth_swapped", "birth_first",
	"delivery_lost", "delivery_proven",
}

func (c *chain) note(n note) { c.noted[n]++ }
