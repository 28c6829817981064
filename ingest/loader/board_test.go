package loader

import (
	"sync"
	"testing"
	"time"
)

// TestPreviewGivesWay lets a preview of all partitions race with a fence that owns
// two of them: what the fence shows must stay.
func TestPreviewGivesWay(t *testing.T) {
	all := []*stream{{name: "0"}, {name: "1"}, {name: "2"}, {name: "3"}}
	for range 2000 {
		b := &board{}
		var both sync.WaitGroup
		both.Go(func() { b.preview(all, time.Time{}) })
		both.Go(func() { b.show(all[2:], time.Time{}) })
		both.Wait()
		if len(b.streams) != 2 || b.streams[0].Stream != "2" {
			t.Fatalf("%+v", b.streams)
		}
	}
}
