package plan

import "slices"

// arrange returns the tensor as a matrix with those indices for its rows and columns, as
// a vector if there are none for columns.
func (c *contraction) arrange(t tensor, rows, cols []int) *Value {
	l := c.l
	rows, cols = c.wide(rows), c.wide(cols)
	if len(rows) == 0 { // a vector is asked for in another place
		rows, cols = cols, nil
	}
	if len(rows)+len(cols) == 0 {
		return t.v
	}
	if len(cols) > 0 && slices.Equal(t.rows, cols) && slices.Equal(t.cols, rows) {
		return l.Transpose(t.v)
	}
	// Entries in the order of a stacked matrix, slowest first.
	t = c.permute(t, slices.Concat(cols, rows))
	if slices.Equal(t.rows, rows) && slices.Equal(t.cols, cols) {
		return t.v
	}
	v := t.v
	if v.Rank == 2 {
		v = l.Vec(v)
	}
	if len(cols) == 0 {
		return v
	}
	return l.Unvec(v, c.dims(rows), c.dims(cols))
}

// wide leaves out indices of one value.
func (c *contraction) wide(list []int) []int {
	return slices.DeleteFunc(slices.Clone(list), func(i int) bool { return c.sizes[i].IsOne() })
}

// A turn is one step of a permutation of indices, listed slowest first: from a, before b
// and c to a, c, b, the lengths of which are given. Without a it is a transposition.
type turn struct{ a, b, c int }

func (m turn) apply(list []int) []int {
	return slices.Concat(list[:m.a], list[m.a+m.b:], list[m.a:m.a+m.b])
}

// mostSearched is the number of indices up to which all orders are searched: there are as
// many as n factorial.
const mostSearched = 6

// turns finds the fewest turns from one order to another; of many indices, as many as there
// are at most.
func turns(from, to []int) []turn {
	if len(from) > mostSearched {
		return oneByOne(from, to)
	}
	type way struct {
		list  []int
		turns []turn
	}
	seen := [][]int{from}
	queue := []way{{list: from}}
	for len(queue) > 0 {
		w := queue[0]
		queue = queue[1:]
		if slices.Equal(w.list, to) {
			return w.turns
		}
		n := len(from)
		for a := range n - 1 {
			for b := 1; a+b < n; b++ {
				m := turn{a, b, n - a - b}
				next := m.apply(w.list)
				if !slices.ContainsFunc(seen, func(s []int) bool { return slices.Equal(s, next) }) {
					seen = append(seen, next)
					queue = append(queue, way{next, append(slices.Clip(w.turns), m)})
				}
			}
		}
	}
	panic("plan: orders of different indices")
}

// oneByOne brings one index after the other to its place, each with the rest turned round.
func oneByOne(from, to []int) []turn {
	var out []turn
	now := slices.Clone(from)
	for a, want := range to {
		at := slices.Index(now, want)
		if at < a {
			panic("plan: orders of different indices")
		}
		if at == a {
			continue
		}
		m := turn{a, at - a, len(now) - at}
		now = m.apply(now)
		out = append(out, m)
	}
	return out
}

// permute brings the entries of a tensor into an order of its indices, slowest first, as
// they stand in the stacked columns of the matrix that is returned.
func (c *contraction) permute(t tensor, order []int) tensor {
	l := c.l
	now := slices.Concat(t.cols, t.rows)
	for _, m := range turns(now, order) {
		first, second, third := now[:m.a], now[m.a:m.a+m.b], now[m.a+m.b:]
		if m.a == 0 {
			t = tensor{v: l.Transpose(c.reshape(t, third, second)), rows: second, cols: third}
		} else {
			// Rows are the stacked columns of a matrix with the third for its rows.
			v := l.Commute(c.dims(third), c.dims(second), c.reshape(t, slices.Concat(second, third), first))
			t = tensor{v: v, rows: slices.Concat(third, second), cols: first}
		}
		now = slices.Concat(t.cols, t.rows)
	}
	return t
}

// reshape returns the same entries in the same order as a matrix of that many rows and
// columns.
func (c *contraction) reshape(t tensor, rows, cols []int) *Value {
	if slices.Equal(t.rows, rows) && slices.Equal(t.cols, cols) {
		return t.v
	}
	v := t.v
	if v.Rank == 2 {
		v = c.l.Vec(v)
	}
	return c.l.Unvec(v, c.dims(rows), c.dims(cols))
}
