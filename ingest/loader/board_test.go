package loader

import (
	"testing"
	"time"
)

// TestPreviewGivesWay shows a preview of all partitions before and after a fence
// that owns two of them: what the fence shows stands.
func TestPreviewGivesWay(t *testing.T) {
	all := []*stream{{name: "0"}, {name: "1"}, {name: "2"}, {name: "3"}}
	b := &board{}
	b.preview(all, time.Time{})
	if len(b.streams) != 4 {
		t.Fatalf("nothing is fenced yet: %+v", b.streams)
	}
	b.show(all[2:], time.Time{})
	b.preview(all, time.Time{})
	if len(b.streams) != 2 || b.streams[0].Stream != "2" {
		t.Fatalf("%+v", b.streams)
	}
}
