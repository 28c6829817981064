package derive

// Point is a moment of a pass at which a test can stop it.
type Point uint8

// The points, in the order in which a pass comes to them.
const (
	BeforeHistory Point = iota
	BeforeCurrent
	BeforeTouched
	BeforeFates
	AfterFates
	BeforeRuledCurrent
	BeforeRuledTouched
	BeforeRuledHistory
	numPoints
)

// String names the statement that follows the point.
func (p Point) String() string {
	names := [numPoints]string{"write history", "write current", "write touched", "write fates", "count fates", "write ruled current", "write ruled touched", "write ruled history"}
	if p >= numPoints {
		return "unknown"
	}
	return names[p]
}

// Hooks let a test end a pass between two statements: Reach returning an error
// has the effect of a crash there. Nil hooks do nothing.
type Hooks struct {
	Reach func(p Point, recordType string) error
}

func (h *Hooks) reach(p Point, recordType string) error {
	if h == nil || h.Reach == nil {
		return nil
	}
	return h.Reach(p, recordType)
}
