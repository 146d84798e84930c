package expr

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// An Interval is a set of real numbers between two bounds, which may be infinite.
// An open bound does not belong to it.
type Interval struct {
	Lo, Hi         float64
	LoOpen, HiOpen bool
}

// Reals is the interval of all numbers.
var Reals = Interval{Lo: math.Inf(-1), Hi: math.Inf(1), LoOpen: true, HiOpen: true}

// Holds reports whether every number of j is in i.
func (i Interval) Holds(j Interval) bool {
	return (i.Lo < j.Lo || i.Lo == j.Lo && (!i.LoOpen || j.LoOpen)) &&
		(i.Hi > j.Hi || i.Hi == j.Hi && (!i.HiOpen || j.HiOpen))
}

// Has reports whether x is in i.
func (i Interval) Has(x float64) bool { return i.Holds(Interval{Lo: x, Hi: x}) }

// Nonnegative, Positive, Nonpositive and Negative report what the bounds say of the
// sign of every number in i.
func (i Interval) Nonnegative() bool { return i.Lo >= 0 }

// Positive reports whether every number in i is greater than zero.
func (i Interval) Positive() bool { return i.Lo > 0 || i.Lo == 0 && i.LoOpen }

// Nonpositive reports whether no number in i is greater than zero.
func (i Interval) Nonpositive() bool { return i.Hi <= 0 }

// Negative reports whether every number in i is less than zero.
func (i Interval) Negative() bool { return i.Hi < 0 || i.Hi == 0 && i.HiOpen }

// A Bend says how a function of numbers is curved.
type Bend int8

// Bends. A function is log-convex where it is positive and its logarithm is convex.
const (
	NoBend Bend = iota
	AffineBend
	ConvexBend
	ConcaveBend
	LogConvexBend
	LogConcaveBend
)

// A Trend says how a function moves with its operands.
type Trend int8

// Trends. Rising and falling include standing still.
const (
	NoTrend Trend = 0
	Rising  Trend = 1
	Falling Trend = -1
)

// A Piece is what is known of an operator's value on a part of its domain.
type Piece struct {
	// On holds the operands' entries. For an operator of matrices (Posdef) the
	// operand is symmetric positive definite instead, and bend and trend are in the
	// order of symmetric matrices in which A is at least B where A − B is positive
	// semidefinite.
	On     Interval
	Posdef bool
	Bend   Bend
	Strict bool // strictly convex or strictly concave
	Trend  Trend
	Range  Interval // holds the result's entries
}

var bendNames = map[string]Bend{"-": NoBend, "affine": AffineBend, "convex": ConvexBend, "concave": ConcaveBend,
	"logconvex": LogConvexBend, "logconcave": LogConcaveBend}

var trendNames = map[string]Trend{"-": NoTrend, "increasing": Rising, "decreasing": Falling}

// ParsePiece parses a piece as it stands in a row: domain, curvature, trend, range.
//
//	(-inf,inf) strictly convex increasing (0,inf)
//	posdef strictly concave increasing (-inf,inf)
func ParsePiece(text string) (Piece, error) {
	bad := fmt.Errorf("bad piece %q", text)
	words := strings.Fields(text)
	p := Piece{On: Reals}
	if len(words) == 5 && words[1] == "strictly" {
		p.Strict = true
		words = append(words[:1:1], words[2:]...)
	}
	if len(words) != 4 {
		return p, bad
	}
	var ok [4]bool
	if p.Posdef = words[0] == "posdef"; p.Posdef {
		ok[0] = true
	} else {
		p.On, ok[0] = parseInterval(words[0])
	}
	p.Bend, ok[1] = bendNames[words[1]]
	p.Trend, ok[2] = trendNames[words[2]]
	p.Range, ok[3] = parseInterval(words[3])
	if ok != [4]bool{true, true, true, true} {
		return p, bad
	}
	return p, nil
}

func parseInterval(s string) (Interval, bool) {
	if len(s) < 5 {
		return Interval{}, false
	}
	lo, hi, ok := strings.Cut(s[1:len(s)-1], ",")
	i := Interval{LoOpen: s[0] == '(', HiOpen: s[len(s)-1] == ')'}
	var e1, e2 error
	i.Lo, e1 = strconv.ParseFloat(lo, 64)
	i.Hi, e2 = strconv.ParseFloat(hi, 64)
	brackets := strings.Contains("([", s[:1]) && strings.Contains(")]", s[len(s)-1:])
	return i, ok && e1 == nil && e2 == nil && brackets && i.Lo < i.Hi
}
