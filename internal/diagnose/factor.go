package diagnose

import (
	"math"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// factor looks for a number, or a number times a power of a scalar, that the base is
// to be multiplied by.
func (q *Question) factor(b base) (Finding, bool) {
	ratios, ok := q.ratios(b.values, q.claim)
	if !ok {
		return Finding{}, false
	}
	f, ok := q.recognise(ratios)
	if !ok {
		return Finding{}, false
	}
	kind := WrongFactor
	negative := f.Base == nil && f.Number.Equal(rat.MinusOne)
	switch {
	case b.kind == "" && negative:
		kind = Sign
	case b.kind != "" && negative:
		kind = SignTransposed
	case b.kind != "":
		kind = FactorTransposed
	}
	return Finding{Kind: kind, Factor: f}, true
}

// ratios returns the numbers r with claim = r · truth at each trial, NaN where the
// claim has no value or both vanish.
func (q *Question) ratios(truth, claim []expr.Dense) ([]float64, bool) {
	out := make([]float64, len(truth))
	seen := 0
	for i, t := range truth {
		out[i] = math.NaN()
		c := claim[i]
		if c.Data == nil {
			continue
		}
		if c.Rows != t.Rows || c.Cols != t.Cols {
			return nil, false
		}
		at := 0
		for k, v := range t.Data {
			if math.Abs(v) > math.Abs(t.Data[at]) {
				at = k
			}
		}
		if math.Abs(t.Data[at]) < 1e-9 {
			for _, v := range c.Data {
				if math.Abs(v) > 1e-8 {
					return nil, false
				}
			}
			continue
		}
		r := c.Data[at] / t.Data[at]
		scaled := expr.NewDense(t.Rows, t.Cols)
		for k, v := range t.Data {
			scaled.Data[k] = r * v
		}
		if d := eval.Apart(scaled, c); !(d <= guessing) || math.Abs(r) < 1e-9 {
			return nil, false
		}
		out[i] = r
		seen++
	}
	return out, seen >= min(3, len(truth))
}

var exponents = []rat.Rat{rat.One, rat.MinusOne, rat.Int(2), rat.Int(-2), rat.Half, rat.New(-1, 2)}

// recognise writes the ratios as a number times a power of one of the scalars.
func (q *Question) recognise(ratios []float64) (Factor, bool) {
	if n, ok := constant(ratios, nil); ok {
		if n.IsOne() {
			return Factor{}, false
		}
		return Factor{Number: n, Exp: rat.One}, true
	}
	powers := make([]float64, len(ratios))
	for _, s := range q.Scalars {
		values := make([]float64, len(ratios))
		for i, t := range q.trials {
			v, err := t.Value(s, q.Family)
			if err != nil {
				values[i] = math.NaN()
				continue
			}
			values[i] = v.Data[0]
		}
		for _, e := range exponents {
			for i, v := range values {
				powers[i] = math.Pow(v, e.Float64())
			}
			if n, ok := constant(ratios, powers); ok {
				return Factor{n, s, e}, true
			}
		}
	}
	return Factor{}, false
}

// constant reports the simple rational that all ratios (divided by powers) are.
func constant(ratios, powers []float64) (rat.Rat, bool) {
	first, seen := math.NaN(), 0
	for i, r := range ratios {
		if r != r {
			continue
		}
		if powers != nil {
			if r /= powers[i]; r == 0 || r-r != 0 {
				return rat.Rat{}, false
			}
		}
		if seen++; seen == 1 {
			first = r
		}
		if !(math.Abs(r-first) <= 1e-7*math.Abs(first)) {
			return rat.Rat{}, false
		}
	}
	if seen < 2 {
		return rat.Rat{}, false
	}
	return Simple(first)
}

// Simple returns the rational with a denominator of at most 1000 that x is to nine
// digits.
func Simple(x float64) (rat.Rat, bool) {
	if !(math.Abs(x) < 1e6) {
		return rat.Rat{}, false
	}
	for den := int64(1); den <= 1000; den++ {
		num := math.Round(x * float64(den))
		if math.Abs(x*float64(den)-num) <= 1e-8*math.Max(1e-3, math.Abs(num)) {
			if num == 0 && x != 0 {
				continue
			}
			return rat.New(int64(num), den), true
		}
	}
	return rat.Rat{}, false
}
