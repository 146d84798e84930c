//go:build !race

package numeric_test

const raceDetector = false
