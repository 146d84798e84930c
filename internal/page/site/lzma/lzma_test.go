package lzma

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A reader reads the format, written after its description and not after the encoder.
type reader struct {
	in          []byte
	width, code uint32
	m           *model
}

var errDamaged = errors.New("damaged")

func (r *reader) normalise() {
	if r.width < 1<<24 {
		r.width <<= 8
		var b byte
		if len(r.in) > 0 {
			b, r.in = r.in[0], r.in[1:]
		}
		r.code = r.code<<8 | uint32(b)
	}
}

func (r *reader) bit(p *prob) int {
	bound := r.width >> 11 * uint32(*p)
	defer r.normalise()
	if r.code < bound {
		r.width = bound
		*p += (2048 - *p) >> 5
		return 0
	}
	r.width -= bound
	r.code -= bound
	*p -= *p >> 5
	return 1
}

func (r *reader) tree(p []prob, bits int) int {
	n := 1
	for range bits {
		n = n<<1 | r.bit(&p[n])
	}
	return n - 1<<bits
}

func (r *reader) reverse(p []prob, bits int) (v int) {
	n := 1
	for i := range bits {
		b := r.bit(&p[n])
		n = n<<1 | b
		v |= b << i
	}
	return v
}

func (r *reader) direct(bits int) (v int) {
	for range bits {
		r.width >>= 1
		b := 0
		if r.code >= r.width {
			r.code -= r.width
			b = 1
		}
		v = v<<1 | b
		r.normalise()
	}
	return v
}

func (r *reader) length(l *lenModel) int {
	switch {
	case r.bit(&l.choice) == 0:
		return 2 + r.tree(l.low[:], 3)
	case r.bit(&l.choice2) == 0:
		return 10 + r.tree(l.mid[:], 3)
	}
	return 18 + r.tree(l.high[:], 8)
}

func expand(in []byte) ([]byte, error) {
	if len(in) < headerSize+5 || in[0] != lc {
		return nil, errDamaged
	}
	size := int(binary.LittleEndian.Uint64(in[5:]))
	r := &reader{in: in[headerSize+5:], width: 1<<32 - 1, code: binary.BigEndian.Uint32(in[headerSize+1:]), m: newModel()}
	var out []byte
	var reps [4]int
	state := 0
	pick := func(literal, other int) int {
		if state < 7 {
			return literal
		}
		return other
	}
	for len(out) < size {
		m := r.m
		if r.bit(&m.isMatch[state]) == 0 {
			var before byte
			if len(out) > 0 {
				before = out[len(out)-1]
			}
			p, n := &m.literal[before>>(8-lc)], 1
			if state >= 7 {
				match := int(out[len(out)-reps[0]-1])
				for n < 0x100 {
					k := match >> 7 & 1
					match <<= 1
					b := r.bit(&p[0x100+k<<8+n])
					n = n<<1 | b
					if b != k {
						break
					}
				}
			}
			for n < 0x100 {
				n = n<<1 | r.bit(&p[n])
			}
			out = append(out, byte(n))
			state = []int{0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 4, 5}[state]
			continue
		}
		var n int
		if r.bit(&m.isRep[state]) == 1 {
			k := 0
			short := false
			switch {
			case r.bit(&m.isRep0[state]) == 0:
				short = r.bit(&m.isRep0Long[state]) == 0
			case r.bit(&m.isRep1[state]) == 0:
				k = 1
			case r.bit(&m.isRep2[state]) == 0:
				k = 2
			default:
				k = 3
			}
			d := reps[k]
			copy(reps[1:k+1], reps[:k])
			reps[0] = d
			if short {
				n, state = 1, pick(9, 11)
			} else {
				n = r.length(&m.repLength)
				state = pick(8, 11)
			}
		} else {
			n = r.length(&m.length)
			slot := r.tree(m.slot[min(n-2, 3)][:], 6)
			d := slot
			if slot >= 4 {
				bits := slot>>1 - 1
				d = (2 | slot&1) << bits
				if slot < 14 {
					d += r.reverse(m.special[d-slot:], bits)
				} else {
					d += r.direct(bits-4)<<4 + r.reverse(m.align[:], 4)
				}
			}
			reps = [4]int{d, reps[0], reps[1], reps[2]}
			state = pick(7, 10)
		}
		if reps[0] >= len(out) || len(out)+n > size {
			return nil, errDamaged
		}
		for range n {
			out = append(out, out[len(out)-reps[0]-1])
		}
	}
	return out, nil
}

func TestRoundTrip(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	random := func(n, letters int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(rnd.IntN(letters))
		}
		return b
	}
	// Copies of what came before, with errors: what the format is for.
	var copies []byte
	for len(copies) < 60_000 {
		if n := rnd.IntN(300); len(copies) > 300 && rnd.IntN(5) > 0 {
			at := rnd.IntN(len(copies) - n)
			copies = append(copies, copies[at:at+n]...)
		}
		copies = append(copies, byte(rnd.IntN(40)))
	}
	source, err := os.ReadFile(filepath.Join("parse.go"))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"nothing":         {},
		"a byte":          {7},
		"three bytes":     {1, 1, 1},
		"zeros":           make([]byte, 100_000),
		"noise":           random(20_000, 256),
		"two letters":     random(20_000, 2),
		"window":          random(window, 20),
		"past the window": random(window+1, 20),
		"a period":        []byte(strings.Repeat("a period of some length. ", 3000)),
		"copies":          copies,
		"a source":        source,
		"far":             append(append(random(300, 256), make([]byte, 150_000)...), random(300, 256)...),
	} {
		packed := Compress(data)
		got, err := expand(packed)
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: %d bytes in %d: %v, back are %d", name, len(data), len(packed), err, len(got))
		}
		if len(packed) > len(data)+len(data)/50+headerSize+10 {
			t.Errorf("%s: %d bytes have become %d", name, len(data), len(packed))
		}
	}
	if n := len(Compress(make([]byte, 100_000))); n > 100 {
		t.Errorf("zeros take %d bytes", n)
	}
}

func TestRandom(t *testing.T) {
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 9))
		data := make([]byte, 0, 2000)
		for len(data) < rnd.IntN(2000) {
			switch n := rnd.IntN(20); {
			case len(data) > n && rnd.IntN(3) > 0:
				at := rnd.IntN(len(data) - n)
				data = append(data, data[at:at+n]...)
			default:
				data = append(data, fmt.Sprint(rnd.IntN(99))...)
			}
		}
		if got, err := expand(Compress(data)); err != nil || !bytes.Equal(got, data) {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}
