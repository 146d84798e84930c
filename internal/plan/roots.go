package plan

// WithRoots returns the program with products Aᵀ diag(s) A and A diag(s) Aᵀ, s known not to
// be negative, as BᵀB with B = diag(√s) A, and likewise: libraries that see that both operands
// are one array compute half of it. The program's check stays as it is.
//
// A square root has no derivative at zero, so this is not for programs that are
// differentiated again.
func WithRoots(p *Program) *Program {
	c := copier{Maker: NewMaker(p.Builder), of: map[*Value]*Value{}}
	q := *p
	q.Results = append([]Result(nil), p.Results...)
	for i, r := range p.Results {
		q.Results[i].Value = c.copy(r.Value)
	}
	if !c.changed {
		return p
	}
	return &q
}

// A copier makes values again, symmetric products by roots.
type copier struct {
	*Maker
	of      map[*Value]*Value
	changed bool
}

func (c *copier) copy(v *Value) *Value {
	if w := c.of[v]; w != nil {
		return w
	}
	w := c.rooted(v)
	if w == nil {
		u := *v
		u.Loops = 0
		u.Args = make([]*Value, len(v.Args))
		for i, a := range v.Args {
			u.Args[i] = c.copy(a)
		}
		w = c.intern(u)
	}
	if w.Name == "" {
		w.Name = v.Name
	}
	c.of[v] = w
	return w
}

// rooted returns a scaled symmetric product by roots, or nil.
func (c *copier) rooted(v *Value) *Value {
	a, s, inverse, trans, ok := Square(v)
	if !ok || s == nil || !s.nonnegative || a.Rank != 2 {
		return nil
	}
	c.changed = true
	a, s = c.copy(a), c.Unary("sqrt", c.copy(s))
	fn := "mul"
	if inverse {
		fn = "div"
	}
	// diag(s) stands between the rows of a where a is transposed on the left.
	if a.Kind == Transpose {
		a, trans = a.Args[0], !trans
	}
	by := c.Row(s, a.Rows)
	if trans {
		by = c.Col(s, a.Cols)
	}
	b := c.Binary(fn, a, by)
	if trans && !inverse {
		b = c.Binary(fn, by, a)
	}
	if trans {
		return c.MatMul(c.Transpose(b), b)
	}
	return c.MatMul(b, c.Transpose(b))
}
