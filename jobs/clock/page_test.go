package clock

import (
	"strings"
	"testing"
)

func TestThePageShowsEveryRuleAndWhatIsNotChecked(t *testing.T) {
	rules := loaded(t)
	var b strings.Builder
	if err := rules.Page(&b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, r := range rules.All() {
		if !strings.Contains(page, `<a id="`+r.anchor()+`"></a>`) || !strings.Contains(page, r.Reading.ZH) {
			t.Errorf("the page lacks %s %s or its reading", r.ID, r.Version)
		}
	}
	for _, part := range []string{
		"7日【未核实，可配置】", "15日【法无明文数字，可配置】", "立即（法无数字）", "30日，另1个月（监狱法一个月）", "条文重叠", "（未核实 unverified）",
		"trigger_date, or pending_from_validity (no text found)", "来源 Source: 规则第六百二十五条",
	} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
}
