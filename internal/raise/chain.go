package raise

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

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
	cf, cb := r.writtenCost(forward), r.writtenCost(back)
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

func (r *Raiser) writtenCost(chain []*expr.Node) int { return r.costs(chain) }

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
