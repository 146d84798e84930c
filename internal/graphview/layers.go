package graphview

// layerRounds bounds the sweeps in which nodes move to other layers.
const layerRounds = 40

// layers gives every node a layer: all edges lead to a later one, and as long as that is
// kept, edges are short.
func (l *layout) layers() {
	order := l.topological()
	l.layer = make([]int, l.n)
	for _, v := range order {
		for _, u := range l.in[v] {
			l.layer[v] = max(l.layer[v], l.layer[u]+1)
		}
	}
	// A node moves to where its edges are shorter in sum, an input next to what uses it
	// first, and one that has as many operands as uses moves on with its operands. It
	// moves back only where that shortens the sum.
	for range layerRounds {
		moved := false
		for k := len(order) - 1; k >= 0; k-- {
			v := order[k]
			if len(l.out[v]) == 0 || len(l.in[v]) > len(l.out[v]) {
				continue
			}
			last := l.layer[l.out[v][0]]
			for _, w := range l.out[v] {
				last = min(last, l.layer[w])
			}
			if last-1 > l.layer[v] {
				l.layer[v], moved = last-1, true
			}
		}
		for _, v := range order {
			if len(l.in[v]) <= len(l.out[v]) {
				continue
			}
			first := 0
			for _, u := range l.in[v] {
				first = max(first, l.layer[u]+1)
			}
			if first < l.layer[v] {
				l.layer[v], moved = first, true
			}
		}
		if !moved {
			break
		}
	}
	// No layer stays empty, and the first is 0.
	most := 0
	for _, k := range l.layer {
		most = max(most, k)
	}
	used := make([]bool, most+1)
	for _, k := range l.layer {
		used[k] = true
	}
	number, k := make([]int, most+1), 0
	for i, u := range used {
		number[i] = k
		if u {
			k++
		}
	}
	for v := range l.layer {
		l.layer[v] = number[l.layer[v]]
	}
}

// topological orders the nodes, operands first, by their numbers where it is free.
func (l *layout) topological() []int {
	var order []int
	state := make([]uint8, l.n)
	var visit func(v int)
	visit = func(v int) {
		switch state[v] {
		case 1:
			panic("graphview: the graph has a cycle")
		case 2:
			return
		}
		state[v] = 1
		for _, u := range l.in[v] {
			visit(u)
		}
		state[v] = 2
		order = append(order, v)
	}
	for v := range l.n {
		visit(v)
	}
	return order
}

// expand puts lanes into the layers that edges pass. All edges from one node share
// theirs.
func (l *layout) expand() {
	most := 0
	for _, k := range l.layer {
		most = max(most, k)
	}
	l.rows = make([][]int, most+1)
	l.lanes = map[lane]int{}
	l.prev, l.next = make([][]int, l.n), make([][]int, l.n)
	join := func(u, v int) {
		l.next[u] = append(l.next[u], v)
		l.prev[v] = append(l.prev[v], u)
	}
	for u := range l.n {
		for _, w := range l.out[u] {
			at := u
			for k := l.layer[u] + 1; k < l.layer[w]; k++ {
				v, ok := l.lanes[lane{u, k}]
				if !ok {
					v = len(l.layer)
					l.lanes[lane{u, k}] = v
					l.layer = append(l.layer, k)
					l.prev, l.next = append(l.prev, nil), append(l.next, nil)
					join(at, v)
				}
				at = v
			}
			join(at, w)
		}
	}
}
