package lzma

// A coder is a range coder.
type coder struct {
	out    []byte
	low    uint64
	width  uint32
	cache  byte
	cached int // bytes that wait for a carry
}

func (c *coder) shift() {
	if c.low < 0xff000000 || c.low>>32 != 0 {
		carry := byte(c.low >> 32)
		for ; c.cached > 0; c.cached-- {
			c.out = append(c.out, c.cache+carry)
			c.cache = 0xff
		}
		c.cache = byte(c.low >> 24)
	}
	c.cached++
	c.low = c.low << 8 & 0xffffffff
}

func (c *coder) bit(p *prob, b uint32) {
	bound := c.width >> probBits * uint32(*p)
	if b == 0 {
		c.width = bound
		*p += (1<<probBits - *p) >> moveBits
	} else {
		c.low += uint64(bound)
		c.width -= bound
		*p -= *p >> moveBits
	}
	for c.width < 1<<24 {
		c.width <<= 8
		c.shift()
	}
}

// direct writes bits of even chance, the highest first.
func (c *coder) direct(v uint32, bits int) {
	for i := bits - 1; i >= 0; i-- {
		c.width >>= 1
		if v>>i&1 != 0 {
			c.low += uint64(c.width)
		}
		for c.width < 1<<24 {
			c.width <<= 8
			c.shift()
		}
	}
}

func (c *coder) finish() []byte {
	for range 5 {
		c.shift()
	}
	return c.out
}

// tree writes bits by a tree of probabilities, the highest first.
func (c *coder) tree(p []prob, v uint32, bits int) {
	n := uint32(1)
	for i := bits - 1; i >= 0; i-- {
		b := v >> i & 1
		c.bit(&p[n], b)
		n = n<<1 | b
	}
}

// reverse writes bits by a tree, the lowest first.
func (c *coder) reverse(p []prob, v uint32, bits int) {
	n := uint32(1)
	for range bits {
		c.bit(&p[n], v&1)
		n = n<<1 | v&1
		v >>= 1
	}
}

func (c *coder) length(l *lenModel, n int) {
	switch n -= minMatch; {
	case n < 8:
		c.bit(&l.choice, 0)
		c.tree(l.low[:], uint32(n), 3)
	case n < 16:
		c.bit(&l.choice, 1)
		c.bit(&l.choice2, 0)
		c.tree(l.mid[:], uint32(n-8), 3)
	default:
		c.bit(&l.choice, 1)
		c.bit(&l.choice2, 1)
		c.tree(l.high[:], uint32(n-16), 8)
	}
}

// A symbol is a literal, if back is literal; a repetition of one of the last four distances,
// by its number; or else a match with the distance back - 4.
type symbol struct {
	back int32
	n    int32 // bytes that it stands for
}

const literal = -1

// An encoder writes symbols.
type encoder struct {
	data  []byte
	at    int
	state uint8
	reps  [4]uint32
	m     *model
	out   coder
}

func (e *encoder) before() byte {
	if e.at == 0 {
		return 0
	}
	return e.data[e.at-1]
}

func (e *encoder) symbol(s symbol) {
	m, c := e.m, &e.out
	switch {
	case s.back == literal:
		c.bit(&m.isMatch[e.state], 0)
		p := &m.literal[e.before()>>(8-lc)]
		v := uint32(e.data[e.at])
		if e.state < 7 {
			c.tree(p[:], v, 8)
		} else {
			// In the light of the byte where the last match would go on.
			match := uint32(e.data[e.at-int(e.reps[0])-1])
			n, offset := uint32(1), uint32(0x100)
			for i := 7; i >= 0; i-- {
				b, k := v>>i&1, match>>i&1
				c.bit(&p[offset+k*offset+n], b)
				n = n<<1 | b
				if b != k {
					offset = 0
				}
			}
		}
		e.state = afterLiteral(e.state)
	case s.back < 4:
		c.bit(&m.isMatch[e.state], 1)
		c.bit(&m.isRep[e.state], 1)
		if s.back == 0 {
			c.bit(&m.isRep0[e.state], 0)
			long := uint32(1)
			if s.n == 1 {
				long = 0
			}
			c.bit(&m.isRep0Long[e.state], long)
		} else {
			c.bit(&m.isRep0[e.state], 1)
			if s.back == 1 {
				c.bit(&m.isRep1[e.state], 0)
			} else {
				c.bit(&m.isRep1[e.state], 1)
				c.bit(&m.isRep2[e.state], uint32(s.back-2))
			}
		}
		if s.n == 1 {
			e.state = afterShortRep(e.state)
		} else {
			c.length(&m.repLength, int(s.n))
			e.state = afterRep(e.state)
		}
		e.reps = front(e.reps, s.back)
	default:
		c.bit(&m.isMatch[e.state], 1)
		c.bit(&m.isRep[e.state], 0)
		c.length(&m.length, int(s.n))
		d := uint32(s.back - 4)
		slot := slotOf(d)
		c.tree(m.slot[lenState(int(s.n))][:], slot, slotBits)
		if slot >= 4 {
			bits := int(slot>>1 - 1)
			base := (2 | slot&1) << bits
			if slot < fullSlots {
				c.reverse(m.special[base-slot:], d-base, bits)
			} else {
				c.direct((d-base)>>alignBits, bits-alignBits)
				c.reverse(m.align[:], (d-base)&(1<<alignBits-1), alignBits)
			}
		}
		e.state = afterMatch(e.state)
		e.reps = [4]uint32{d, e.reps[0], e.reps[1], e.reps[2]}
	}
	e.at += int(s.n)
}

// front brings a distance to the front.
func front(reps [4]uint32, k int32) [4]uint32 {
	d := reps[k]
	copy(reps[1:k+1], reps[:k])
	reps[0] = d
	return reps
}
