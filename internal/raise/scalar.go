package raise

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// What is summed over altogether: bilinear forms, norms, sums of entries, traces.

// bilinear multiplies p by the scalar uᵀv of two vectors given as chains.
func (r *Raiser) bilinear(p *product, u, v []*expr.Node) {
	forward := r.concat(r.flip(u), v)
	if half, ok := r.palindrome(forward); ok {
		r.mulScalar(p, r.norm(r.body(half)), rat.Int(2))
		return
	}
	if r.isOnes(u[0]) && len(u) == 1 {
		r.mulScalar(p, r.total(v), rat.One)
		return
	}
	back := r.concat(r.flip(v), u)
	cf, cb := r.costs(forward), r.costs(back)
	if cb < cf || cb == cf && r.less(back, forward) {
		forward = back
	}
	// (A X b)ᵀ C A X b rather than bᵀ Xᵀ Aᵀ C A X b.
	k := 0
	for k < len(forward)-1 && r.Cost(r.t(forward[k])) < r.Cost(forward[k]) {
		k++
	}
	mirrored := 2*k <= len(forward)
	for i := 0; i < k && mirrored; i++ {
		mirrored = forward[i] == r.t(forward[len(forward)-1-i])
	}
	if k > 2 || k == 2 && mirrored {
		head := r.t(r.mul(r.powers(nil, r.flip(forward[:k]))))
		forward = r.concat(r.chain1(head), forward[k:])
	}
	r.mulScalar(p, r.mul(r.powers(nil, forward)), rat.One)
}

// norm returns the Euclidean norm of a vector, the Frobenius norm of a matrix.
func (r *Raiser) norm(n *expr.Node) *expr.Node {
	if r.code(n) == opT || r.Cost(r.t(n)) < r.Cost(n) {
		n = r.t(n)
	}
	return r.make(r.op.norm2, n)
}

// total returns the sum of the entries of a vector or matrix.
func (r *Raiser) total(chain []*expr.Node) *expr.Node {
	n := r.body(chain)
	if n.Op == r.op.abs {
		return r.make(r.op.norm1, n.Args[0])
	}
	if r.code(n) == opElPow && r.code(n.Args[1]) == opNum && n.Args[1].Num.Equal(rat.Int(2)) {
		return r.power(r.norm(n.Args[0]), rat.Int(2))
	}
	if c := r.code(n); c == opT || c == opVec {
		n = n.Args[0]
	}
	return r.make(r.op.sum, n)
}

// trace multiplies p by the trace of a chain.
func (r *Raiser) trace(p *product, chain []*expr.Node) {
	n := len(chain)
	if n == 1 {
		x := chain[0]
		if r.code(x) == opT {
			x = x.Args[0]
		}
		r.mulScalar(p, r.make(r.op.tr, x), rat.One)
		return
	}
	if r.expandTrace(p, chain) {
		return
	}
	best := r.rotation(chain)
	flipped := r.rotation(r.flip(chain))
	if cf, cb := r.costs(flipped), r.costs(best); cf < cb || cf == cb && r.less(flipped, best) {
		best = flipped
	}
	if n%2 == 0 && n <= 16 {
		for i := range n / 2 {
			if half, ok := r.palindrome(r.concat(best[i:], best[:i])); ok {
				r.mulScalar(p, r.norm(r.body(half)), rat.Int(2))
				return
			}
		}
	}
	if n == 2 {
		// tr(AᵀB) is the sum of the entries of A ⊙ B, which is taken when it is
		// clearly shorter.
		a := r.t(best[0])
		if r.Cost(a)+1 < r.Cost(best[0]) {
			r.mulScalar(p, r.make(r.op.sum, r.make(r.op.hadamard, a, best[1])), rat.One)
			return
		}
	}
	r.mulScalar(p, r.make(r.op.tr, r.mul(r.powers(nil, best))), rat.One)
}

// rotation returns the chain rotated so that it is a sandwich M' … M if it can
// be, that the variable that occurs first leads, and that no run of equal
// factors is cut.
func (r *Raiser) rotation(chain []*expr.Node) []*expr.Node {
	n := len(chain)
	at := 0
	good := r.rotationScore(chain, 0)
	for i := 1; i < n; i++ {
		s := r.rotationScore(chain, i)
		if s > good || s == good && r.lessFrom(chain, i, at) {
			at, good = i, s
		}
	}
	if at == 0 {
		return chain
	}
	return r.concat(chain[at:], chain[:at])
}

func (r *Raiser) rotationScore(chain []*expr.Node, i int) int {
	n := len(chain)
	last := chain[(i+n-1)%n]
	switch {
	case chain[i] == last && n > 2:
		return 0
	case n > 2 && chain[i] == r.t(last):
		return 2
	}
	return 1
}

// lessFrom compares the chain rotated to begin at i with that at k.
func (r *Raiser) lessFrom(chain []*expr.Node, i, k int) bool {
	n := len(chain)
	for j := range n {
		if x, y := r.order(chain[(i+j)%n]), r.order(chain[(k+j)%n]); x != y {
			return x < y
		}
	}
	for j := range n {
		if c := r.compare(chain[(i+j)%n], chain[(k+j)%n]); c != 0 {
			return c < 0
		}
	}
	return false
}

// expandTrace multiplies p by the trace of a chain that has one sum in it and
// whose terms all come to the same: tr((A B + B A) B) is 2 tr(A B²).
func (r *Raiser) expandTrace(p *product, chain []*expr.Node) bool {
	at := -1
	for i, n := range chain {
		if r.code(n) == opAdd || r.code(n) == opT && r.code(n.Args[0]) == opAdd {
			if at >= 0 {
				return false
			}
			at = i
		}
	}
	if at < 0 {
		return false
	}
	if r.code(chain[at]) == opT {
		chain, at = r.flip(chain), len(chain)-1-at
	}
	if r.code(chain[at]) != opAdd || len(chain[at].Args) > 4 {
		return false
	}
	var total *product
	rest := r.concat(chain[at+1:], chain[:at])
	for _, x := range chain[at].Args {
		q := &product{coef: rat.One}
		if x.Shape.IsScalar() {
			return false
		}
		inner := r.split(q, x)
		r.closed(q, r.concat(inner, rest))
		switch {
		case total == nil:
			total = q
		case len(q.scalars) != len(total.scalars) || !sameScalars(q.scalars, total.scalars):
			return false
		default:
			total.coef = total.coef.Add(q.coef)
		}
	}
	p.coef = p.coef.Mul(total.coef)
	for _, s := range total.scalars {
		r.mulScalar(p, s.n, s.exp)
	}
	return true
}

// split returns the chain of n and multiplies p by its scalars.
func (r *Raiser) split(p *product, n *expr.Node) []*expr.Node {
	switch r.code(n) {
	case opNeg:
		p.coef = p.coef.Neg()
		return r.split(p, n.Args[0])
	case opDiv:
		r.mulScalar(p, n.Args[1], rat.MinusOne)
		return r.split(p, n.Args[0])
	case opT:
		return r.flip(r.split(p, n.Args[0]))
	case opNum:
		p.coef = p.coef.Mul(n.Num)
		return nil
	case opMPow:
		if k := n.Args[1]; r.code(k) == opNum {
			if e, ok := k.Num.Int64(); ok && e != 0 && e > -8 && e < 8 {
				x := n.Args[0]
				if e < 0 {
					x, e = r.inverse(x), -e
				}
				chain := r.chainOf(x)
				out := chain
				for range e - 1 {
					out = r.concat(out, chain)
				}
				return out
			}
		}
	case opMul:
		var out []*expr.Node
		for _, a := range n.Args {
			if a.Shape.IsScalar() {
				r.mulScalar(p, a, rat.One)
			} else {
				out = r.concat(out, r.split(p, a))
			}
		}
		return out
	}
	return r.chain1(n)
}

// closed multiplies p by the trace of a chain that may have an outer product
// u vᵀ in it, which makes it a bilinear form.
func (r *Raiser) closed(p *product, chain []*expr.Node) {
	for i, n := range chain {
		if n.Shape.Cols.IsOne() {
			turned := r.concat(chain[i+1:], chain[:i+1])
			// vᵀ M … u, perhaps cut by further outer products.
			for len(turned) > 0 {
				k := 0
				for !turned[k].Shape.Cols.IsOne() {
					k++
				}
				u := r.flip(turned[:1])
				r.bilinear(p, u, turned[1:k+1])
				turned = turned[k+1:]
			}
			return
		}
	}
	r.trace(p, chain)
}
