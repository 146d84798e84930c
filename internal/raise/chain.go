package raise

import "example.com/nabla/internal/expr"

// arenaSize is how many factors of chains are allocated at once.
const arenaSize = 64

// chain1 returns the chain of one factor.
func (r *Raiser) chain1(n *expr.Node) []*expr.Node {
	if len(r.arena) == cap(r.arena) {
		r.arena = make([]*expr.Node, 0, arenaSize)
	}
	k := len(r.arena)
	r.arena = append(r.arena, n)
	return r.arena[k : k+1 : k+1]
}

// chainOf returns n as a chain: the factors of a product.
func (r *Raiser) chainOf(n *expr.Node) []*expr.Node {
	if r.flat(n) {
		return n.Args
	}
	return r.chain1(n)
}

// flat reports whether n is a product of matrices that may stand in a longer one.
func (r *Raiser) flat(n *expr.Node) bool {
	if r.code(n) != opMul {
		return false
	}
	for _, a := range n.Args {
		if a.Shape.IsScalar() {
			return false
		}
	}
	return true
}

// concat returns the product of two chains, neither of which is changed. An
// identity is left out.
func (r *Raiser) concat(a, b []*expr.Node) []*expr.Node {
	switch {
	case len(a) == 0 || len(a) == 1 && len(b) > 0 && r.code(a[0]) == opEye:
		return b
	case len(b) == 0 || len(b) == 1 && r.code(b[0]) == opEye:
		return a
	}
	n := len(a) + len(b)
	if cap(r.arena)-len(r.arena) < n {
		r.arena = make([]*expr.Node, 0, max(arenaSize, n))
	}
	k := len(r.arena)
	r.arena = append(append(r.arena, a...), b...)
	return r.arena[k : k+n : k+n]
}

// flip returns the chain of the transpose.
func (r *Raiser) flip(chain []*expr.Node) []*expr.Node {
	n := len(chain)
	if n == 1 {
		return r.chainOf(r.t(chain[0]))
	}
	if cap(r.arena)-len(r.arena) < n {
		r.arena = make([]*expr.Node, 0, max(arenaSize, 2*n))
	}
	k := len(r.arena)
	long := false
	for i := n - 1; i >= 0; i-- {
		t := r.t(chain[i])
		long = long || r.flat(t)
		r.arena = append(r.arena, t)
	}
	out := r.arena[k : k+n : k+n]
	if long {
		var flat []*expr.Node
		for _, t := range out {
			if r.flat(t) {
				flat = append(flat, t.Args...)
			} else {
				flat = append(flat, t)
			}
		}
		return flat
	}
	return out
}

// flipGain returns how many tokens the chain of the transpose has less.
func (r *Raiser) flipGain(chain []*expr.Node) int {
	g := 0
	for _, n := range chain {
		g += r.Cost(n) - r.Cost(r.t(n))
	}
	return g
}

// materialise appends the chain as it is written to out: the transpose of the
// product instead of the product of transposes if that is shorter, powers for
// repeated factors, and uvᵀ with v in one piece.
func (r *Raiser) materialise(out, chain []*expr.Node) []*expr.Node {
	switch len(chain) {
	case 0:
		return out
	case 1:
		return append(out, chain[0])
	}
	rows, cols := chain[0].Shape.Rows, chain[len(chain)-1].Shape.Cols
	if !rows.IsOne() && !cols.IsOne() {
		if r.flipGain(chain) > 1 {
			return append(out, r.t(r.mul(r.powers(nil, r.flip(chain)))))
		}
		// A row vector at the end that is a product of transposes: (A x)ᵀ.
		for i := len(chain) - 2; i > 0; i-- {
			if chain[i].Shape.Rows.IsOne() {
				if tail := chain[i:]; r.flipGain(tail) > 1 {
					return append(r.powers(out, chain[:i]), r.t(r.mul(r.powers(nil, r.flip(tail)))))
				}
				break
			}
		}
	}
	return r.powers(out, chain)
}

// powers appends the chain with repeated square factors as powers.
func (r *Raiser) powers(out, chain []*expr.Node) []*expr.Node {
	for i := 0; i < len(chain); {
		p, k := period(chain[i:])
		if k > 1 && chain[i].Shape.Rows == chain[i+p-1].Shape.Cols && !chain[i].Shape.IsScalar() {
			out = append(out, r.matrixPower(r.mul(chain[i:i+p]), k))
			i += p * k
			continue
		}
		out = append(out, chain[i])
		i++
	}
	return out
}

// period returns the length of the shortest piece with which the chain begins
// and that is repeated, and how often; 1, 1 if none is.
func period(chain []*expr.Node) (length, times int) {
	for p := 1; 2*p <= len(chain); p++ {
		k := 1
		for (k+1)*p <= len(chain) && same(chain[:p], chain[k*p:(k+1)*p]) {
			k++
		}
		if k > 1 {
			return p, k
		}
	}
	return 1, 1
}

func same(a, b []*expr.Node) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// matrixPower returns n to the k-th power.
func (r *Raiser) matrixPower(n *expr.Node, k int) *expr.Node {
	switch r.code(n) {
	case opT:
		return r.t(r.matrixPower(n.Args[0], k))
	case opInv:
		return r.make(r.op.mpow, n.Args[0], r.num(int64(-k)))
	}
	return r.make(r.op.mpow, n, r.num(int64(k)))
}

// palindrome reports whether the chain is M'M, and returns M.
func (r *Raiser) palindrome(chain []*expr.Node) ([]*expr.Node, bool) {
	n := len(chain)
	if n == 0 || n%2 != 0 {
		return nil, false
	}
	for i := range n / 2 {
		if chain[i] != r.t(chain[n-1-i]) {
			return nil, false
		}
	}
	return chain[n/2:], true
}

// less orders chains by the first occurrence of their variables.
func (r *Raiser) less(a, b []*expr.Node) bool {
	r.b.Limit.Step(1 + len(a)/8)
	for i := range min(len(a), len(b)) {
		if x, y := r.order(a[i]), r.order(b[i]); x != y {
			return x < y
		}
	}
	for i := range min(len(a), len(b)) {
		if c := r.compare(a[i], b[i]); c != 0 {
			return c < 0
		}
	}
	return false
}

// compare orders nodes by first occurrence of their variables, then the shorter,
// then by operands. It is 0 for equal nodes only.
func (r *Raiser) compare(a, b *expr.Node) int {
	for a != b {
		r.b.Limit.Step(1)
		if c := r.order(a) - r.order(b); c != 0 {
			return int(c)
		}
		if c := r.Cost(a) - r.Cost(b); c != 0 {
			return c
		}
		if a.Op != b.Op || len(a.Args) != len(b.Args) {
			return a.ID - b.ID
		}
		k := 0
		for k < len(a.Args) && a.Args[k] == b.Args[k] {
			k++
		}
		if k == len(a.Args) {
			return a.ID - b.ID
		}
		a, b = a.Args[k], b.Args[k]
	}
	return 0
}
