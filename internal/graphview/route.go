package graphview

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// drawing turns coordinates into places and routes.
func (l *layout) drawing() *Drawing {
	d := &Drawing{Nodes: make([]Place, l.n), Crossings: l.crossings}
	if l.n == 0 {
		d.Width, d.Height = 2*margin, 2*margin
		return d
	}
	// Bands are as wide as the widest cell of the layer; edges turn between bands.
	low, high := math.Inf(1), math.Inf(-1)
	half := make([]float64, len(l.rows))
	steep := make([]float64, len(l.rows)) // of the edges that leave a layer
	for k, row := range l.rows {
		for _, v := range row {
			before, after := l.extent(v)
			low, high = math.Min(low, l.cross[v]-before), math.Max(high, l.cross[v]+after)
			if !l.isLane(v) {
				half[k] = math.Max(half[k], l.sizes[v].main+bandPad)
			}
			for _, w := range l.next[v] {
				steep[k] = math.Max(steep[k], math.Abs(l.cross[w]-l.cross[v]))
			}
		}
	}
	for v := range l.cross {
		l.cross[v] += margin - low
	}
	centre := make([]float64, len(l.rows))
	at := margin
	for k := range l.rows {
		if k > 0 {
			at += clamp(0.2*steep[k-1], layerGap, widestGap)
		}
		centre[k] = at + half[k]
		at += 2 * half[k]
	}
	d.Width, d.Height = round(at+margin), round(high-low+2*margin)
	if l.down {
		d.Width, d.Height = d.Height, d.Width
	}
	for v := range l.n {
		d.Nodes[v] = l.placed(v, centre[l.layer[v]])
	}
	ports := l.ports()
	for e, edge := range l.g.Edges {
		d.Edges = append(d.Edges, l.route(edge, ports[e], centre, half))
	}
	return d
}

func (l *layout) placed(v int, main float64) Place {
	s, c := l.sizes[v], l.cross[v]
	rect := func(main, cross, m, n float64) Rect {
		if l.down {
			main, cross, m, n = cross, main, n, m
		}
		return Rect{round(main), round(cross), round(m), round(n)}
	}
	return Place{Layer: l.layer[v],
		Box:  rect(main-s.boxMain, c-s.boxCross, 2*s.boxMain, 2*s.boxCross),
		Cell: rect(main-s.main, c-s.before, 2*s.main, s.before+s.after)}
}

// ports spreads the ends of edges over the side of the box that they come to, in the
// order in which they come. They are offsets from its middle, by edge.
func (l *layout) ports() []float64 {
	out := make([]float64, len(l.g.Edges))
	into := make([][]int, l.n)
	for e, edge := range l.g.Edges {
		into[edge.To] = append(into[edge.To], e)
	}
	from := func(e int) float64 {
		edge := l.g.Edges[e]
		return l.cross[l.before(edge.From, l.layer[edge.To])]
	}
	for v, list := range into {
		slices.SortStableFunc(list, func(a, b int) int {
			switch x, y := from(a), from(b); {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		})
		room := 2 * (l.sizes[v].boxCross - 9)
		step := 0.0
		if k := len(list); k > 1 {
			step = math.Min(portSpacing, room/float64(k-1))
		}
		shift := -float64(len(list)-1) / 2
		for i, e := range list { // an edge that comes straight stays so
			if math.Abs(from(e)-l.cross[v]) < .5 && len(list) > 1 {
				shift = -float64(i)
				step = math.Min(step, room/2/float64(max(i, len(list)-1-i)))
				break
			}
		}
		for i, e := range list {
			out[e] = step * (float64(i) + shift)
		}
	}
	return out
}

// before is the vertex by which an edge from u comes to a layer.
func (l *layout) before(u, layer int) int {
	if l.layer[u] == layer-1 {
		return u
	}
	return l.lanes[lane{u, layer - 1}]
}

// route goes straight through bands and curves between them, so that it meets no box.
func (l *layout) route(e Edge, port float64, centre, half []float64) Route {
	r := Route{From: e.From, To: e.To}
	var path strings.Builder
	point := func(main, cross float64) (string, [2]float64) {
		if l.down {
			main, cross = cross, main
		}
		x, y := round(main), round(cross)
		return number(x) + " " + number(y), [2]float64{x, y}
	}
	add := func(main, cross float64, command string) {
		s, p := point(main, cross)
		r.Points = append(r.Points, p)
		path.WriteString(command + s)
	}
	k, cross := l.layer[e.From], l.cross[e.From]
	add(centre[k]+l.sizes[e.From].boxMain, cross, "M")
	end := centre[k] + half[k]
	if end > centre[k]+l.sizes[e.From].boxMain {
		add(end, cross, "L")
	}
	for k++; k <= l.layer[e.To]; k++ {
		to := l.cross[e.To] + port
		if k < l.layer[e.To] {
			to = l.cross[l.lanes[lane{e.From, k}]]
		}
		start := centre[k] - half[k]
		if math.Abs(to-cross) < .5 {
			add(start, to, "L")
		} else {
			bend := (start - end) / 2
			a, _ := point(end+bend, cross)
			b, _ := point(start-bend, to)
			add(start, to, "C"+a+" "+b+" ")
		}
		cross, end = to, centre[k]+half[k]
		if k < l.layer[e.To] {
			add(end, cross, "L")
		}
	}
	k--
	if edge := centre[k] - l.sizes[e.To].boxMain; edge > centre[k]-half[k] {
		add(edge, cross, "L")
	}
	r.Path = path.String()
	return r
}

// round keeps a tenth of a pixel.
func round(x float64) float64 { return math.Round(10*x) / 10 }

func number(x float64) string { return strconv.FormatFloat(x+0, 'f', -1, 64) }
