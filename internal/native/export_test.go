package native

// Tests have small problems shared out as well.
func init() { nanosPerShare = 1e-3 }
