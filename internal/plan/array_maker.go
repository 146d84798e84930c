package plan

import (
	"slices"

	"example.com/nabla/internal/expr"
)

// Shape returns the sizes of the axes of a value, of a family those of the array that is
// passed.
func (v *Value) Shape() []*expr.Dim {
	switch {
	case v.Axes != nil:
		return v.Axes
	case v.Rank == 3:
		members := v.Dims
		if v.Kind == Param {
			members = []*expr.Dim{v.Sym.Family.Size}
		}
		return []*expr.Dim{members[0], v.Rows, v.Cols}
	}
	return []*expr.Dim{v.Rows, v.Cols}[:v.Rank]
}

// spreads reports whether a value is a view with equal entries along an axis.
func (v *Value) spreads() bool { return v.Kind == Align && slices.Contains(v.Perm, -1) }

// array makes a value with those axes.
func (m *Maker) array(axes []*expr.Dim, v Value) *Value {
	switch len(axes) {
	case 0:
		return m.scalar(v)
	case 1:
		return m.vector(axes[0], v)
	case 2:
		return m.matrix(axes[0], axes[1], v)
	}
	v.Rank, v.Axes, v.Rows, v.Cols = len(axes), axes, axes[0], m.B.One()
	for _, d := range axes[1:] {
		v.Cols = m.B.Mul(v.Cols, d)
	}
	return m.intern(v)
}

// Align returns x with axis perm[k] for axis k, or a new one of size axes[k], along which
// entries are equal, if that is −1. Every axis of x occurs.
func (m *Maker) Align(x *Value, perm []int, axes []*expr.Dim) *Value {
	identity := len(perm) == x.Rank
	for k, p := range perm {
		identity = identity && k == p
	}
	switch {
	case identity:
		return x
	case x.Kind == Align:
		inner := slices.Clone(perm)
		for k, p := range perm {
			if p >= 0 {
				inner[k] = x.Perm[p]
			}
		}
		return m.Align(x.Args[0], inner, axes)
	case x.Rank == 2 && len(perm) > 2 && x.Symmetric() && slices.Index(perm, 1) < slices.Index(perm, 0):
		turned := slices.Clone(perm)
		for k, p := range perm {
			if p >= 0 {
				turned[k] = 1 - p
			}
		}
		return m.Align(x, turned, axes)
	case x.Kind == Transpose && x.Rank == 2 && len(perm) > 2:
		turned := slices.Clone(perm)
		for k, p := range perm {
			if p >= 0 {
				turned[k] = 1 - p
			}
		}
		return m.Align(x.Args[0], turned, axes)
	case slices.Equal(perm, []int{1, 0}):
		return m.Transpose(x)
	case slices.Equal(perm, []int{0, -1}):
		return m.Col(x, axes[1])
	case slices.Equal(perm, []int{-1, 0}):
		return m.Row(x, axes[0])
	case x.Rank == 0:
		return x
	}
	return m.array(axes, Value{Kind: Align, Args: []*Value{x}, Perm: perm})
}

// Einsum returns a sum of products of the entries of one or two arrays: an array with an axis
// for each index of the result of s.
func (m *Maker) Einsum(s *Spec, args ...*Value) *Value {
	s.RowIndices = len(s.Result)
	var axes []*expr.Dim
	for _, i := range s.Result {
		axes = append(axes, s.Sizes[i])
	}
	return m.array(axes, Value{Kind: Einsum, Args: args, Spec: s, Dims: s.Sizes})
}

// Reshape returns an array as a matrix whose rows run over the first axes and whose columns
// over the others, the first outermost, or as a vector if there are no others.
func (m *Maker) Reshape(x *Value, rows int) *Value {
	if x.Rank < 2 || x.Rank == 2 && rows == 1 {
		return x
	}
	dims := []*expr.Dim{m.B.One(), m.B.One()}
	for k, d := range x.Shape() {
		side := min(k/rows, 1)
		dims[side] = m.B.Mul(dims[side], d)
	}
	v := Value{Kind: Reshape, Args: []*Value{x}, Order: rows}
	if rows == x.Rank {
		return m.vector(dims[0], v)
	}
	return m.matrix(dims[0], dims[1], v)
}
