package syntax

// slabs holds the memory of the common nodes in one block for each type,
// sized by the tokens, because a parse makes many small nodes that live and
// die together.
type slabs struct {
	names    []Name
	numbers  []Number
	unaries  []Unary
	binaries []Binary
}

func newSlabs(toks []token) (s slabs) {
	var names, numbers, unaries, binaries int
	for _, t := range toks {
		switch {
		case t.kind == tName:
			names++
		case t.kind == tNumber:
			numbers++
		case t.kind == tOp && t.op == Transpose:
			unaries++
		case t.kind == tOp:
			binaries++
		}
	}
	return slabs{make([]Name, 0, names), make([]Number, 0, numbers), make([]Unary, 0, unaries), make([]Binary, 0, binaries)}
}

// grow puts x into a slab with room, or else on its own.
func grow[T any](slab *[]T, x T) *T {
	n := len(*slab)
	if n == cap(*slab) {
		y := x // only here does a value of its own escape
		return &y
	}
	*slab = append(*slab, x)
	return &(*slab)[n]
}

func (s *slabs) name(x Name) *Name        { return grow(&s.names, x) }
func (s *slabs) number(x Number) *Number  { return grow(&s.numbers, x) }
func (s *slabs) unaryNode(x Unary) *Unary { return grow(&s.unaries, x) }
func (s *slabs) binary(x Binary) *Binary  { return grow(&s.binaries, x) }
