package print

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// entrywise writes a Hadamard product or an entrywise quotient; all divisors
// stand at the end: x ⊙ y ./ z.
func (w *writer) entrywise(n *expr.Node, min int) {
	nums, dens := len(w.num), len(w.den)
	w.gatherEntries(n, false)
	b := w.open(min > levelProduct)
	k, d := len(w.num)-nums, len(w.den)-dens
	if k == 0 {
		w.number(rat.One)
	}
	for i := range k {
		if i > 0 {
			w.op(w.hadamard)
		}
		w.entry(w.num[nums+i])
	}
	if d > 0 {
		w.op(w.elementQuotient)
		q := w.open(d > 1)
		for i := range d {
			if i > 0 {
				w.op(w.hadamard)
			}
			w.entry(w.den[dens+i])
		}
		w.close(q)
	}
	w.close(b)
	w.num, w.den = w.num[:nums], w.den[:dens]
}

func (w *writer) entry(f factor) {
	if f.invert {
		power := func() { w.powerOf(f.n, f.n.Args[1].Num.Neg(), levelPostfix) }
		if w.marking && !f.n.Shape.IsScalar() {
			w.factorOf(f.n.Shape, true, power)
		} else {
			power()
		}
		return
	}
	w.node(f.n, levelPostfix)
}

// gatherEntries takes a Hadamard product apart into factors and divisors. A
// divisor that is a scalar stays with its quotient, and so does a numerator 1.
func (w *writer) gatherEntries(n *expr.Node, invert bool) {
	if _, ok := w.named(n); ok {
		w.push(factor{n: n}, invert)
		return
	}
	switch n.Op.Name {
	case expr.OpHadamard:
		for _, a := range n.Args {
			w.gatherEntries(a, invert)
		}
		return
	case expr.OpElDiv:
		if x := n.Args[0]; x.Op.Name != expr.OpNum || !x.Num.IsOne() {
			w.gatherEntries(x, invert)
		}
		w.gatherEntries(n.Args[1], !invert)
		return
	case expr.OpElPow:
		if k := n.Args[1]; k.Op.Name == expr.OpNum && k.Num.Sign() < 0 {
			if k.Num.Equal(rat.MinusOne) {
				w.gatherEntries(n.Args[0], !invert)
			} else {
				w.push(factor{n: n, invert: true}, !invert)
			}
			return
		}
	}
	w.push(factor{n: n}, invert)
}
