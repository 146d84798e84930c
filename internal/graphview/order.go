package graphview

import (
	"cmp"
	"slices"
)

// Work on the order within layers: rounds of sweeps and of exchanges, fewer where there
// is much to do.
const (
	orderRounds = 16
	largeGraph  = 4000 // vertices
)

// order arranges each layer so that few edges cross.
func (l *layout) order() {
	l.pos = make([]int, len(l.layer))
	best, least := [][]int(nil), -1
	keep := func() {
		if c := l.count(); least < 0 || c < least {
			best, least = clone(l.rows), c
		}
	}
	rounds := orderRounds
	if len(l.layer) > largeGraph {
		rounds = 4
	}
	for start := range 2 {
		l.initial(start == 1)
		keep()
		for range rounds {
			if least == 0 {
				break
			}
			for k := 1; k < len(l.rows); k++ {
				l.sort(k, l.prev)
			}
			l.exchange()
			keep()
			for k := len(l.rows) - 2; k >= 0; k-- {
				l.sort(k, l.next)
			}
			l.exchange()
			keep()
		}
	}
	l.rows, l.crossings = best, least
	l.number()
}

func clone(rows [][]int) [][]int {
	out := make([][]int, len(rows))
	for i, r := range rows {
		out[i] = slices.Clone(r)
	}
	return out
}

func (l *layout) number() {
	for _, r := range l.rows {
		for i, v := range r {
			l.pos[v] = i
		}
	}
}

// initial fills the layers in the order in which a walk from the results meets their
// vertices.
func (l *layout) initial(backwards bool) {
	for k := range l.rows {
		l.rows[k] = l.rows[k][:0]
	}
	seen := make([]bool, len(l.layer))
	var visit func(v int)
	visit = func(v int) {
		if seen[v] {
			return
		}
		seen[v] = true
		l.rows[l.layer[v]] = append(l.rows[l.layer[v]], v)
		for i := range l.prev[v] {
			if backwards {
				i = len(l.prev[v]) - 1 - i
			}
			visit(l.prev[v][i])
		}
	}
	for v := range l.n {
		if len(l.next[v]) == 0 {
			visit(v)
		}
	}
	for v := range seen {
		visit(v)
	}
	l.number()
}

// sort orders a layer by the mean places of neighbours; what has none stays where it is.
func (l *layout) sort(k int, near [][]int) {
	row := l.rows[k]
	type item struct {
		v    int
		mean float64
	}
	var movable []item
	for _, v := range row {
		if len(near[v]) == 0 {
			continue
		}
		sum := 0.0
		for _, u := range near[v] {
			sum += float64(l.pos[u])
		}
		movable = append(movable, item{v, sum / float64(len(near[v]))})
	}
	slices.SortStableFunc(movable, func(a, b item) int { return cmp.Compare(a.mean, b.mean) })
	i := 0
	for p, v := range row {
		if len(near[v]) > 0 {
			row[p] = movable[i].v
			i++
		}
	}
	for p, v := range row {
		l.pos[v] = p
	}
}

// exchange swaps neighbours in a layer while that removes crossings.
func (l *layout) exchange() {
	limit := 8
	if len(l.layer) > largeGraph {
		limit = 1
	}
	for range limit {
		better := false
		for _, row := range l.rows {
			for i := 0; i+1 < len(row); i++ {
				u, v := row[i], row[i+1]
				now := l.pair(u, v, l.prev) + l.pair(u, v, l.next)
				if now == 0 {
					continue
				}
				if l.pair(v, u, l.prev)+l.pair(v, u, l.next) < now {
					row[i], row[i+1] = v, u
					l.pos[u], l.pos[v] = i+1, i
					better = true
				}
			}
		}
		if !better {
			return
		}
	}
}

// pair counts the crossings of the edges of u and v on one side, u standing before v.
func (l *layout) pair(u, v int, near [][]int) int {
	c := 0
	for _, a := range near[u] {
		for _, b := range near[v] {
			if l.pos[b] < l.pos[a] {
				c++
			}
		}
	}
	return c
}

// count is the number of crossings.
func (l *layout) count() int {
	total := 0
	var tree, ends []int
	for _, row := range l.rows {
		width := 0
		for _, v := range row {
			for _, w := range l.next[v] {
				width = max(width, l.pos[w]+1)
			}
		}
		tree = append(tree[:0], make([]int, width+1)...)
		placed := 0
		for _, v := range row {
			ends = ends[:0]
			for _, w := range l.next[v] {
				ends = append(ends, l.pos[w])
			}
			for _, e := range ends { // those that ended after e
				upTo := 0
				for i := e + 1; i > 0; i -= i & -i {
					upTo += tree[i]
				}
				total += placed - upTo
			}
			for _, e := range ends {
				for i := e + 1; i <= width; i += i & -i {
					tree[i]++
				}
				placed++
			}
		}
	}
	return total
}
