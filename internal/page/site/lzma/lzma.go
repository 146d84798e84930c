// Package lzma compresses as LZMA does, into the format of files that end in .lzma. What is
// sent once and read often is worth some seconds: Compress looks for the cheapest way to
// write each stretch of data. Of the same data a quarter less is left than by gzip.
//
// The literals' context is the byte before (lc is 4 bits of it), positions are no context
// (lp and pb are 0), and the length stands in the header, without a mark at the end; a
// reader that is written for this package alone need not know more
// (internal/page/static/unlzma.js).
package lzma

import "encoding/binary"

// The format. Distances count from 0 for the byte before.
const (
	lc         = 4
	minMatch   = 2
	maxMatch   = 273
	states     = 12
	slotBits   = 6
	alignBits  = 4
	fullSlots  = 14  // slots from here on have bits that are written as they are
	fullDist   = 128 // distances below have a model for each bit
	lenStates  = 4
	probBits   = 11
	moveBits   = 5
	probInit   = 1 << probBits / 2
	headerSize = 13
)

type prob = uint16

// A lenModel has the probabilities of a length, from minMatch on.
type lenModel struct {
	choice, choice2 prob
	low, mid        [8]prob
	high            [256]prob
}

// A model has the probabilities of everything.
type model struct {
	isMatch, isRep, isRep0, isRep1, isRep2, isRep0Long [states]prob
	slot                                               [lenStates][1 << slotBits]prob
	special                                            [fullDist]prob // by the distance's slot and first bits
	align                                              [1 << alignBits]prob
	length, repLength                                  lenModel
	literal                                            [1 << lc][0x300]prob
}

func fill(p []prob) {
	for i := range p {
		p[i] = probInit
	}
}

func (l *lenModel) init() {
	l.choice, l.choice2 = probInit, probInit
	fill(l.low[:])
	fill(l.mid[:])
	fill(l.high[:])
}

func newModel() *model {
	m := &model{}
	for _, p := range []*[states]prob{&m.isMatch, &m.isRep, &m.isRep0, &m.isRep1, &m.isRep2, &m.isRep0Long} {
		fill(p[:])
	}
	for i := range m.slot {
		fill(m.slot[i][:])
	}
	fill(m.special[:])
	fill(m.align[:])
	m.length.init()
	m.repLength.init()
	for i := range m.literal {
		fill(m.literal[i][:])
	}
	return m
}

// The state says what the last symbols were: below 7 the last was a literal.
func afterLiteral(s uint8) uint8 {
	switch {
	case s < 4:
		return 0
	case s < 10:
		return s - 3
	}
	return s - 6
}

func after(s, literal, other uint8) uint8 {
	if s < 7 {
		return literal
	}
	return other
}

func afterMatch(s uint8) uint8    { return after(s, 7, 10) }
func afterRep(s uint8) uint8      { return after(s, 8, 11) }
func afterShortRep(s uint8) uint8 { return after(s, 9, 11) }

// lenState is the context that a length is for the slot of its distance.
func lenState(n int) int { return min(n-minMatch, lenStates-1) }

// slotOf returns the slot of a distance: its highest two bits and how many follow.
func slotOf(d uint32) uint32 {
	if d < 4 {
		return d
	}
	n := uint32(31)
	for d>>n == 0 {
		n--
	}
	return n<<1 | d>>(n-1)&1
}

// Compress returns data in the format of a file .lzma.
func Compress(data []byte) []byte {
	dictionary := uint32(1 << 12)
	for int64(dictionary) < int64(len(data)) {
		dictionary <<= 1
	}
	out := make([]byte, headerSize, headerSize+len(data)/2)
	out[0] = lc
	binary.LittleEndian.PutUint32(out[1:], dictionary)
	binary.LittleEndian.PutUint64(out[5:], uint64(len(data)))
	e := &encoder{data: data, m: newModel(), out: coder{out: out, width: 1<<32 - 1, cached: 1}}
	p := newParser(e)
	for e.at < len(data) {
		for _, s := range p.parse() {
			e.symbol(s)
		}
	}
	return e.out.finish()
}
