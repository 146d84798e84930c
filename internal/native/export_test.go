package native

// Tests have small problems shared out as well.
func init() { nanosPerShare = 1e-3 }

// Slack is the memory that is not worth saving, in bytes.
const Slack = slackBytes

// Largest is the number of entries of the largest array that there is between arguments
// and results when a machine runs.
func (m *Machine) Largest() int { return m.p.largest }
