package native

import (
	"example.com/nabla/internal/plan"
)

// Slack is how much memory, in bytes, is not worth saving: what the caches of a core hold.
const Slack = 5e6

// manyThreads is the number of threads that memory is estimated for when a manner is
// chosen, which must not depend on how many there are.
const manyThreads = 4

// leaner returns a program that needs no more memory than the largest array between
// arguments and results that a program without blocks has, or less memory than p at
// least, unless that would take more time; else p.
//
// The most that such a program can be worse at is reading again what blocks share, so
// blocks are large, one after the other, and each has all cores.
func leaner(values []*plan.Value, params []plan.Parameter, o *Options, p *program) (*program, error) {
	if p.bytes(manyThreads) <= Slack {
		return p, nil
	}
	w, err := assemble(values, params, o, manner{})
	if err != nil {
		return nil, err
	}
	limit := 8*w.largest + Slack
	if p.bytes(manyThreads) <= limit {
		return p, nil
	}
	w, err = assemble(values, params, o, manner{thrifty: true})
	if err != nil {
		return nil, err
	}
	if w.bytes(manyThreads) < p.bytes(manyThreads) {
		if p = w; p.bytes(manyThreads) <= limit {
			return p, nil
		}
	}
	g, results, _, err := prepare(values, params, o, true, nil)
	if err != nil {
		return nil, err
	}
	longest := 1.1 * wholeCost(g)
	cost := longest
	for _, s := range candidates(g, params) {
		a := analyse(g, s)
		a.finish(results)
		if a.err != nil || a.passes == 0 {
			continue
		}
		c := a.cost(g)
		if c > longest {
			continue
		}
		for pieces := 2; ; pieces++ {
			block := (s.count + pieces - 1) / pieces
			block = (block + 7) / 8 * 8
			if block < leastPiece {
				break
			}
			q, err := assemble(values, params, o, manner{samples: s, serial: true, thrifty: true, block: block})
			if err != nil {
				return nil, err
			}
			now, was := q.bytes(manyThreads), p.bytes(manyThreads)
			if now < was && was > limit || now <= limit && c < cost {
				p, cost = q, c
			}
			if now <= limit {
				break
			}
		}
	}
	return p, nil
}

// leastPiece is the least number of samples in a block that has all cores.
const leastPiece = 128
