package eval

import (
	"math"
	"slices"
	"strings"
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
)

// operandsOf returns a reader with a variable for each operand of the operator. The
// sizes are the letters of its signature.
func operandsOf(o *expr.Op, facts expr.Fact) (*reader, []*expr.Node) {
	b := expr.NewBuilder(ops.Registry())
	r := &reader{Builder: b, names: map[string]*expr.Node{}, sizes: map[string]*expr.Dim{}}
	sig := o.Sig
	if sig == "" { // of the algebra, entry by entry
		sig = "i|j, i|j -> i|j"
	}
	left, _, _ := strings.Cut(sig, "->")
	var args []*expr.Node
	for i, p := range o.Params {
		rows, cols, _ := strings.Cut(strings.TrimSpace(strings.Split(left, ",")[i]), "|")
		kind := expr.Matrix
		if cols == "1" {
			kind = expr.Vector
		}
		axis := func(letter string) *expr.Dim {
			if letter == "1" {
				return b.One()
			}
			r.sizes[letter] = b.Sizes.Size(letter)
			return r.sizes[letter]
		}
		shape := expr.Shape{Rows: axis(rows), Cols: axis(cols)}
		if i > 0 {
			facts = 0
		}
		if facts&(expr.Symmetric|expr.Posdef|expr.Diagonal|expr.Orthogonal|expr.Invertible) != 0 {
			shape.Cols = shape.Rows
			r.sizes[cols] = shape.Rows
		}
		v := b.Var(b.NewSymbol(p, kind, shape, facts))
		r.names[p] = v
		args = append(args, v)
	}
	return r, args
}

// The differential of every row, along a random direction: op(X + tE) is
// differentiated by t, and the row says that this is its differential with X + tE
// for X and E for dX.
func TestDifferentials(t *testing.T) {
	seen := 0
	for _, o := range ops.Registry().Ops() {
		if o.Differential == "" {
			continue
		}
		seen++
		r, args := operandsOf(o, 0)
		step := r.Var(r.NewSymbol("t", expr.Scalar, expr.Shape{Rows: r.One(), Cols: r.One()}, 0))
		for i, a := range args {
			if slices.Contains(o.Integers, o.Params[i]) {
				a.Sym.Facts = expr.Integer
				continue
			}
			e := r.Var(r.NewSymbol("E"+a.Sym.Name, expr.Matrix, a.Shape, 0))
			args[i] = r.Node(expr.OpAdd, a, r.Node(expr.OpMul, step, e))
			r.names[o.Params[i]] = args[i]
			r.names["d"+o.Params[i]] = e
		}
		f := r.Make(o, args, nil, 0)
		for _, text := range []string{o.Differential, o.Tied} {
			if text == "" {
				continue
			}
			rep, err := Check(&Problem{Reg: r.Reg, F: f, X: step.Sym, D: r.read(text), Points: 3})
			if err != nil {
				t.Errorf("%s: %s: %v", o.Name, text, err)
			} else if rep.Points < 6 {
				t.Errorf("%s: %s: only %d points", o.Name, text, rep.Points)
			}
		}
	}
	if seen < 25 {
		t.Errorf("only %d differentials", seen)
	}
}

// A kernel computes what the definition says.
func TestDefinitions(t *testing.T) {
	for _, o := range ops.Registry().Ops() {
		if o.Definition == "" {
			continue
		}
		r, args := operandsOf(o, 0)
		if err := Equal(r.Reg, r.Make(o, args, nil, 0), r.read(o.Definition), 1); err != nil {
			t.Errorf("%s: %v", o.Name, err)
		}
	}
}

// An operator along an axis is its base on each slice.
func TestAlong(t *testing.T) {
	for _, o := range ops.Registry().Ops() {
		if o.Base == "" {
			continue
		}
		r, args := operandsOf(o, 0)
		x, y, slice, letter := args[0], r.Make(o, args, nil, 0), "X*basis(j, 2)", "j"
		if o.Along == "j" {
			slice, letter = "X'*basis(i, 2)", "i"
		}
		r.names["X"] = x
		r.names["Y"] = y
		want := r.Make(r.Reg.Op(o.Base), []*expr.Node{r.read(slice)}, nil, 0)
		got := r.read(strings.ReplaceAll(slice, "X", "Y"))
		if y.Shape.Cols.IsOne() {
			got = r.read("Y'*basis(" + letter + ", 2)")
		} else if y.Shape.Rows.IsOne() {
			got = r.read("Y*basis(" + letter + ", 2)")
		}
		if err := Equal(r.Reg, got, want, 1); err != nil {
			t.Errorf("%s: %v", o.Name, err)
		}
	}
}

func TestTransposeInvariant(t *testing.T) {
	for _, o := range ops.Registry().Ops() {
		if !o.TransposeInvariant {
			continue
		}
		r, args := operandsOf(o, 0)
		if err := Equal(r.Reg, r.Make(o, args, nil, 0), r.Make(o, []*expr.Node{r.Node(expr.OpT, args[0])}, nil, 0), 1); err != nil {
			t.Errorf("%s: %v", o.Name, err)
		}
	}
}

// valuesOf draws values of an operator at points of its domain and passes them on.
func valuesOf(t *testing.T, r *reader, n *expr.Node, see func(expr.Dense)) {
	t.Helper()
	inv := newInventory(r.Reg, []*expr.Node{n})
	seen := 0
	for i, sizes := range inv.sizings(3) {
		pt, err := inv.newPoint(sizes)
		if err != nil {
			t.Fatal(err)
		}
		p, err := compile(n, pt)
		if err != nil {
			t.Fatalf("%s: %v", n.Op.Name, err)
		}
		s := newSampler(inv, uint64(i))
		for k := range 8 * int(modes) {
			if k%2 == 0 {
				for v := range s.modes {
					s.modes[v] = mode(k / 2 % int(modes))
				}
			}
			s.draw(pt)
			v, err := p.run(true)
			if u, ok := err.(*unfit); ok {
				s.refused(u)
			} else if err == nil {
				seen++
				see(v)
			}
		}
	}
	if seen < 10 {
		t.Errorf("%s: only %d points", n.Op.Name, seen)
	}
}

// Positive and nonnegative results are so at every point, and a result that is
// not declared so is somewhere negative.
func TestSigns(t *testing.T) {
	for _, o := range ops.Registry().Ops() {
		if o.Class != expr.Elementwise && o.Class != expr.Core && o.Class != expr.Defined {
			continue
		}
		r, args := operandsOf(o, 0)
		least := math.Inf(1)
		valuesOf(t, r, r.Make(o, args, nil, 0), func(d expr.Dense) {
			for _, v := range d.Data {
				least = math.Min(least, v)
			}
		})
		switch {
		case o.Positive && !(least > 0), o.Nonnegative && !(least >= 0):
			t.Errorf("%s: has the value %v", o.Name, least)
		case !o.Nonnegative && least >= 0:
			t.Errorf("%s: no value is negative, and the row does not say so", o.Name)
		case o.Positive && !o.Nonnegative:
			t.Errorf("%s: positive and not nonnegative", o.Name)
		}
	}
}

// The result has the facts that the row preserves.
func TestPreservedFacts(t *testing.T) {
	for _, o := range ops.Registry().Ops() {
		for _, f := range o.Preserves {
			r, args := operandsOf(o, f)
			y := r.Make(o, args, nil, 0)
			valuesOf(t, r, y, func(d expr.Dense) {
				if f == expr.Symmetric || f == expr.Posdef {
					d = rounded(d)
				}
				if !has(f, d) {
					t.Errorf("%s: %v is not %s", o.Name, d, f.Names()[0])
				}
			})
		}
	}
}

// rounded takes the rounding errors out of a matrix that should be symmetric.
func rounded(d expr.Dense) expr.Dense {
	d = clone(d)
	for i := range d.Data {
		d.Data[i] = math.Round(d.Data[i]*1e9) / 1e9
	}
	return d
}
