package score

// Calibration turns weights into probabilities, by stratum.
type Calibration struct {
	Labels int `json:"labels"`
}
