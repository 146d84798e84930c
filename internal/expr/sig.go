package expr

import "strings"

// A Sig is the signature of an operator: for each operand and for the result the
// axes of its rows and of its columns. It is written
//
//	i|j, j|k -> i|k      the matrix product
//	i|j, k|l -> ik|jl    the Kronecker product: row axis i (outer) and k (inner)
//	i|j -> ji|1          vec by columns
//	i|i -> 1|1           the trace
//
// A letter is an axis; letters side by side are one axis made of several, the
// outer (slower) first; 1 is the missing axis of a vector or scalar. Equal
// letters are equal sizes. For a structural operator the signature is also its
// whole meaning: the sum over every letter that the result lacks.
type Sig struct {
	Args   []Axes
	Result Axes
	// Letters is the number of different letters; axes hold letter numbers in
	// order of first occurrence.
	Letters int
}

// Axes are the row and column axis of one operand, as letter numbers.
type Axes struct {
	Rows, Cols []int
}

// ParseSig parses a signature; an empty left side is an operator without
// operands (eye, ones), whose letters are the result's, in order.
func ParseSig(text string) (*Sig, bool) {
	left, right, ok := strings.Cut(text, "->")
	if !ok {
		return nil, false
	}
	s := &Sig{}
	seen := map[byte]int{}
	axes := func(t string) (Axes, bool) {
		r, c, ok := strings.Cut(strings.TrimSpace(t), "|")
		if !ok {
			return Axes{}, false
		}
		list := func(t string) []int {
			var out []int
			for i := range len(t) {
				if t[i] == '1' {
					continue
				}
				n, known := seen[t[i]]
				if !known {
					n = len(seen)
					seen[t[i]] = n
				}
				out = append(out, n)
			}
			return out
		}
		return Axes{list(r), list(c)}, true
	}
	if strings.TrimSpace(left) != "" {
		for part := range strings.SplitSeq(left, ",") {
			a, ok := axes(part)
			if !ok {
				return nil, false
			}
			s.Args = append(s.Args, a)
		}
	}
	if s.Result, ok = axes(right); !ok {
		return nil, false
	}
	s.Letters = len(seen)
	return s, true
}
