package graphview

import (
	"cmp"
	"slices"
)

// placeRounds is the number of sweeps over the layers in each direction.
const placeRounds = 24

// place finds coordinates within layers: each vertex wants to be where its neighbours
// are, lanes above all, and keeps its distance from those beside it.
func (l *layout) place() {
	l.cross = make([]float64, len(l.layer))
	for _, row := range l.rows {
		at := 0.0
		for i, v := range row {
			if i > 0 {
				at += l.separation(row[i-1], v)
			}
			l.cross[v] = at
		}
		for _, v := range row {
			l.cross[v] -= at / 2
		}
	}
	rounds := placeRounds
	if len(l.layer) > largeGraph {
		rounds = 6
	}
	for range rounds {
		for k := 1; k < len(l.rows); k++ {
			l.settle(l.rows[k], true, false)
		}
		for k := len(l.rows) - 2; k >= 0; k-- {
			l.settle(l.rows[k], false, true)
		}
	}
	for range rounds / 2 {
		for k := range l.rows {
			l.settle(l.rows[k], true, true)
		}
		for k := len(l.rows) - 1; k >= 0; k-- {
			l.settle(l.rows[k], true, true)
		}
		l.slide()
	}
	for range 3 {
		for k := 1; k < len(l.rows); k++ {
			l.snap(k, l.prev)
		}
		for k := len(l.rows) - 2; k >= 0; k-- {
			l.snap(k, l.next)
		}
	}
}

// nearly is the deviation that is made straight where there is room.
const nearly = 6

// snap makes edges straight that nearly are.
func (l *layout) snap(k int, side [][]int) {
	row := l.rows[k]
	for i, v := range row {
		best, weight := 0.0, 1.0
		for _, u := range side[v] {
			by := l.cross[u] - l.cross[v]
			if abs(by) < nearly && l.weight(u, v) > weight {
				best, weight = by, l.weight(u, v)
			}
		}
		at := l.cross[v] + best
		if i > 0 && at < l.cross[row[i-1]]+l.separation(row[i-1], v) ||
			i+1 < len(row) && at > l.cross[row[i+1]]-l.separation(v, row[i+1]) {
			continue
		}
		l.cross[v] = at
	}
}

// straight is the deviation up to which an edge counts as straight.
const straight = .5

// slide moves what stands in a straight line as a whole: one vertex after the other it
// could not move, since each wants to be where its neighbours are.
func (l *layout) slide() {
	head := make([]int, len(l.layer)) // by vertex: the first of its line
	members := map[int][]int{}
	for v := range head {
		head[v] = v
	}
	for _, row := range l.rows {
		for _, v := range row {
			for _, u := range l.prev[v] {
				if l.weight(u, v) > 1 && abs(l.cross[u]-l.cross[v]) < straight {
					head[v] = head[u]
					break
				}
			}
			members[head[v]] = append(members[head[v]], v)
		}
	}
	for _, row := range l.rows {
		for _, h := range row {
			if line := members[h]; len(line) > 1 {
				l.slideLine(line, head)
			}
		}
	}
}

// slideLine moves a line to the median of where its neighbours would have it, as far as
// there is room.
func (l *layout) slideLine(line, head []int) {
	var pulls []near
	up, down := -1e9, 1e9
	for _, v := range line {
		row := l.rows[l.layer[v]]
		if i := l.pos[v]; i > 0 {
			up = max(up, l.cross[row[i-1]]+l.separation(row[i-1], v)-l.cross[v])
		}
		if i := l.pos[v]; i+1 < len(row) {
			down = min(down, l.cross[row[i+1]]-l.separation(v, row[i+1])-l.cross[v])
		}
		for _, side := range [][]int{l.prev[v], l.next[v]} {
			for _, u := range side {
				if head[u] != head[v] {
					pulls = append(pulls, near{l.cross[u] - l.cross[v], l.weight(u, v)})
				}
			}
		}
	}
	if len(pulls) == 0 || up > down {
		return
	}
	by := clamp(median(pulls), min(up, 0), max(down, 0))
	for _, v := range line {
		l.cross[v] += by
	}
}

func abs(x float64) float64 { return max(x, -x) }

// A wish is where a vertex wants to be, and how much.
type wish struct{ at, weight float64 }

// settle moves the vertices of a layer to the places nearest to where they want to be,
// in the sense of least squares, in their order and with their distances.
func (l *layout) settle(row []int, before, after bool) {
	if len(row) == 0 {
		return
	}
	type run struct {
		sum, weight float64
		count       int
	}
	var runs []run
	shift := 0.0 // of each vertex from the first, at least
	shifts := make([]float64, len(row))
	for i, v := range row {
		if i > 0 {
			shift += l.separation(row[i-1], v)
		}
		shifts[i] = shift
		w := l.wish(v, before, after)
		runs = append(runs, run{(w.at - shift) * w.weight, w.weight, 1})
		for n := len(runs); n > 1; n-- {
			a, b := runs[n-2], runs[n-1]
			if a.sum/a.weight <= b.sum/b.weight {
				break
			}
			runs = append(runs[:n-2], run{a.sum + b.sum, a.weight + b.weight, a.count + b.count})
		}
	}
	i := 0
	for _, r := range runs {
		for range r.count {
			l.cross[row[i]] = r.sum/r.weight + shifts[i]
			i++
		}
	}
}

// weight says how straight an edge wants to be: a lane above all, then the way from one
// operation to the next, last that of an input.
func (l *layout) weight(u, v int) float64 {
	if l.layer[u] > l.layer[v] {
		u, v = v, u
	}
	switch {
	case l.isLane(u) && l.isLane(v):
		return 8
	case l.isLane(u) || l.isLane(v):
		return 2
	case len(l.in[u]) == 0:
		return 1
	}
	return 3
}

// wish is the weighted median of the places of neighbours.
func (l *layout) wish(v int, before, after bool) wish {
	var list []near
	total := 0.0
	add := func(vs []int, more float64) {
		for _, u := range vs {
			w := l.weight(u, v) * more
			list, total = append(list, near{l.cross[u], w}), total+w
		}
	}
	if before {
		add(l.prev[v], 1.1) // a choice between two ways: straight on
	}
	if after {
		add(l.next[v], 1)
	}
	if len(list) == 0 {
		return wish{l.cross[v], .01}
	}
	at := median(list)
	if !l.isLane(v) && len(l.in[v]) == 0 {
		total *= inputWeight // an input makes room
	}
	return wish{at, total}
}

// inputWeight is how much an input keeps its place, compared with what is computed.
const inputWeight = .02

// A near is the place of a neighbour, and the weight of the edge.
type near struct{ at, weight float64 }

// median is a point with at most half of the weight on either side.
func median(list []near) float64 {
	slices.SortFunc(list, func(a, b near) int { return cmp.Compare(a.at, b.at) })
	half := 0.0
	for _, x := range list {
		half += x.weight / 2
	}
	i := 0
	for i+1 < len(list) && list[i].weight < half {
		half -= list[i].weight
		i++
	}
	at := list[i].at
	if list[i].weight == half && i+1 < len(list) {
		at = (at + list[i+1].at) / 2
	}
	return at
}
