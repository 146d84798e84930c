package lzma

import "math"

// price is the number of bits, times 64, that a bit costs whose probability is i/128.
var price = func() (t [128]uint32) {
	for i := range t {
		t[i] = uint32(math.Round(-64 * math.Log2((float64(i)+0.5)/128)))
	}
	return t
}()

func cost(p prob, b uint32) uint32 {
	if b == 0 {
		return price[p>>4]
	}
	return price[(1<<probBits-p)>>4]
}

func costTree(p []prob, v uint32, bits int) (sum uint32) {
	n := uint32(1)
	for i := bits - 1; i >= 0; i-- {
		b := v >> i & 1
		sum += cost(p[n], b)
		n = n<<1 | b
	}
	return sum
}

func costReverse(p []prob, v uint32, bits int) (sum uint32) {
	n := uint32(1)
	for range bits {
		sum += cost(p[n], v&1)
		n = n<<1 | v&1
		v >>= 1
	}
	return sum
}

func (l *lenModel) cost(n int) uint32 {
	switch n -= minMatch; {
	case n < 8:
		return cost(l.choice, 0) + costTree(l.low[:], uint32(n), 3)
	case n < 16:
		return cost(l.choice, 1) + cost(l.choice2, 0) + costTree(l.mid[:], uint32(n-8), 3)
	}
	return cost(l.choice, 1) + cost(l.choice2, 1) + costTree(l.high[:], uint32(n-16), 8)
}

// window is the number of bytes for which the cheapest symbols are looked for at a time, by
// the probabilities at its beginning.
const window = 4096

// A node is the cheapest way found to a place in the window.
type node struct {
	price uint32
	from  int32 // the place before the last symbol
	last  symbol
	state uint8
	reps  [4]uint32
}

const unreached = math.MaxUint32

// A parser finds the symbols.
type parser struct {
	e       *encoder
	nodes   [window + maxMatch + 1]node
	found   finder
	symbols []symbol

	// Prices of the window.
	lengths, repLengths [maxMatch + 1]uint32
	slots               [lenStates][1 << slotBits]uint32
	near                [lenStates][fullDist]uint32
	aligns              [1 << alignBits]uint32
}

func newParser(e *encoder) *parser {
	p := &parser{e: e, found: newFinder(e.data)}
	return p
}

func (p *parser) prices() {
	m := p.e.m
	for n := minMatch; n <= maxMatch; n++ {
		p.lengths[n], p.repLengths[n] = m.length.cost(n), m.repLength.cost(n)
	}
	for s := range lenStates {
		for slot := range uint32(1 << slotBits) {
			c := costTree(m.slot[s][:], slot, slotBits)
			if slot >= fullSlots {
				c += (slot>>1 - 1 - alignBits) * 64
			}
			p.slots[s][slot] = c
		}
		for d := range uint32(fullDist) {
			slot := slotOf(d)
			c := p.slots[s][slot]
			if slot >= 4 {
				bits := int(slot>>1 - 1)
				base := (2 | slot&1) << bits
				c += costReverse(m.special[base-slot:], d-base, bits)
			}
			p.near[s][d] = c
		}
	}
	for v := range uint32(1 << alignBits) {
		p.aligns[v] = costReverse(m.align[:], v, alignBits)
	}
}

func (p *parser) distance(d uint32, n int) uint32 {
	s := lenState(n)
	if d < fullDist {
		return p.near[s][d]
	}
	return p.slots[s][slotOf(d)] + p.aligns[d&(1<<alignBits-1)]
}

// reach notes a way to a place if it is the cheapest so far.
func (p *parser) reach(from int, price uint32, s symbol) {
	to := &p.nodes[from+int(s.n)]
	if price < to.price {
		to.price, to.from, to.last = price, int32(from), s
	}
}

// parse returns the symbols of the next stretch.
func (p *parser) parse() []symbol {
	e := p.e
	p.prices()
	for i := range p.nodes {
		p.nodes[i].price = unreached
	}
	p.nodes[0] = node{state: e.state, reps: e.reps}
	end := min(window, len(e.data)-e.at)
	cur := 0
	for ; cur < end || p.nodes[cur].price == unreached; cur++ {
		if cur > 0 && p.nodes[cur].price != unreached {
			p.settle(cur)
		}
		matches := p.found.next(e.at + cur)
		if p.nodes[cur].price != unreached {
			p.step(cur, matches)
		}
	}
	p.symbols = p.symbols[:0]
	for at := cur; at > 0; at = int(p.nodes[at].from) {
		p.symbols = append(p.symbols, p.nodes[at].last)
	}
	for i, j := 0, len(p.symbols)-1; i < j; i, j = i+1, j-1 {
		p.symbols[i], p.symbols[j] = p.symbols[j], p.symbols[i]
	}
	return p.symbols
}

// settle computes state and distances at a place, to which the cheapest way is now known.
func (p *parser) settle(cur int) {
	n := &p.nodes[cur]
	from := &p.nodes[n.from]
	n.reps = from.reps
	switch s := n.last; {
	case s.back == literal:
		n.state = afterLiteral(from.state)
	case s.back < 4:
		n.state = afterRep(from.state)
		if s.n == 1 {
			n.state = afterShortRep(from.state)
		}
		n.reps = front(from.reps, s.back)
	default:
		n.state = afterMatch(from.state)
		n.reps = [4]uint32{uint32(s.back - 4), from.reps[0], from.reps[1], from.reps[2]}
	}
}

// step goes on from a place by each symbol that fits.
func (p *parser) step(cur int, matches []match) {
	e, m, n := p.e, p.e.m, &p.nodes[cur]
	at := e.at + cur
	rest := min(len(e.data)-at, maxMatch)
	isMatch := n.price + cost(m.isMatch[n.state], 1)
	isRep := isMatch + cost(m.isRep[n.state], 1)

	p.reach(cur, n.price+cost(m.isMatch[n.state], 0)+p.literal(at, n), symbol{literal, 1})
	if r := int(n.reps[0]) + 1; r <= at && e.data[at] == e.data[at-r] {
		p.reach(cur, isRep+cost(m.isRep0[n.state], 0)+cost(m.isRep0Long[n.state], 0), symbol{0, 1})
	}
	for k, d := range n.reps {
		if int(d) >= at {
			continue
		}
		length := common(e.data, at, at-int(d)-1, rest)
		if length < minMatch {
			continue
		}
		base := isRep
		if k == 0 {
			base += cost(m.isRep0[n.state], 0) + cost(m.isRep0Long[n.state], 1)
		} else {
			base += cost(m.isRep0[n.state], 1)
			if k == 1 {
				base += cost(m.isRep1[n.state], 0)
			} else {
				base += cost(m.isRep1[n.state], 1) + cost(m.isRep2[n.state], uint32(k-2))
			}
		}
		for l := length; l >= minMatch; l-- {
			p.reach(cur, base+p.repLengths[l], symbol{int32(k), int32(l)})
		}
	}
	base := isMatch + cost(m.isRep[n.state], 0)
	l := minMatch
	for _, f := range matches {
		for ; l <= f.length; l++ {
			p.reach(cur, base+p.lengths[l]+p.distance(f.distance, l), symbol{int32(f.distance) + 4, int32(l)})
		}
	}
}

func (p *parser) literal(at int, n *node) uint32 {
	var before byte
	if at > 0 {
		before = p.e.data[at-1]
	}
	t := &p.e.m.literal[before>>(8-lc)]
	v := uint32(p.e.data[at])
	if n.state < 7 {
		return costTree(t[:], v, 8)
	}
	match := uint32(p.e.data[at-int(n.reps[0])-1])
	sum, k, offset := uint32(0), uint32(1), uint32(0x100)
	for i := 7; i >= 0; i-- {
		b, x := v>>i&1, match>>i&1
		sum += cost(t[offset+x*offset+k], b)
		k = k<<1 | b
		if b != x {
			offset = 0
		}
	}
	return sum
}

// common counts bytes that agree from a and b on.
func common(data []byte, a, b, limit int) int {
	n := 0
	for n < limit && data[a+n] == data[b+n] {
		n++
	}
	return n
}
