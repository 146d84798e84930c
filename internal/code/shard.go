package code

import (
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	msg "example.com/nabla/internal/message"
	"example.com/nabla/internal/plan"
)

// Options say how a program is written beyond its language.
type Options struct {
	// Shard names the samples of a program for JAX: an index of families or a size. The
	// arguments that have this axis are divided along it among devices.
	Shard string
}

// WriteWith writes a program in a language with options. It is an error where the samples
// cannot be divided: no argument has them as an axis, or an argument or result has them in a
// product or sum of sizes.
func WriteWith(target string, p *plan.Program, o Options) ([]File, error) {
	if o.Shard == "" {
		return Write(target, p)
	}
	if target != "jax" {
		return nil, msg.Errorf("samples are divided among devices in jax, not in %s", target)
	}
	if shardWords[p.Name] {
		return nil, msg.Errorf("the module has a function %s already: give yours another name", p.Name)
	}
	s, err := findSamples(p, o.Shard)
	if err != nil {
		return nil, err
	}
	return writeShard(p, s), nil
}

// A samples says which arguments have the samples of a program, and along which axis.
type samples struct {
	name string // as it was asked for: the axis of the mesh
	size *expr.Dim
	axes []plan.AxisOf // one for each argument that has them, the first if it has two
	// results has their axis of each result, the first if it has two, or −1.
	results []int
}

// of returns the axis of samples of an argument, or −1.
func (s *samples) of(v *expr.Symbol) int {
	for _, a := range s.axes {
		if a.Sym == v {
			return a.Axis
		}
	}
	return -1
}

// findSamples finds the axes of an index or size.
func findSamples(p *plan.Program, name string) (*samples, error) {
	s := &samples{name: name}
	var indices, sizes []string
	for _, i := range p.Builder.Indices() {
		indices = append(indices, i.Name)
		if i.Name == name && s.size == nil {
			s.size = i.Size
		}
	}
	for _, a := range p.Axes() {
		for _, n := range a.Size.Names(nil) {
			if !slices.Contains(sizes, n.Name) {
				sizes = append(sizes, n.Name)
			}
			if n.Name == name && s.size == nil {
				s.size = p.Builder.Sizes.Size(name)
			}
		}
	}
	if s.size == nil {
		if len(indices) > 0 {
			return nil, msg.Errorf("the program has no index or size %s; its sizes are %s, its indices %s", name, strings.Join(sizes, ", "), strings.Join(indices, ", "))
		}
		return nil, msg.Errorf("the program has no index or size %s; its sizes are %s", name, strings.Join(sizes, ", "))
	}
	names := s.size.Names(nil)
	if len(names) != 1 || s.size != p.Builder.Sizes.Size(names[0].Name) {
		return nil, msg.Errorf("the index %s runs up to %s, which is not a size by itself", name, s.size)
	}
	contains := func(d *expr.Dim) bool { return slices.Contains(d.Names(nil), names[0]) }
	for _, a := range p.Axes() {
		switch {
		case a.Size == s.size && s.of(a.Sym) < 0:
			s.axes = append(s.axes, a.AxisOf)
		case a.Size != s.size && contains(a.Size):
			return nil, msg.Errorf("%s has %s %s, which cannot be divided along %s", a.Sym.Name, a.Size, msg.Say(a.AxisOf.Word()), name)
		}
	}
	if len(s.axes) == 0 {
		return nil, msg.Errorf("no argument has an axis of %s samples", s.size)
	}
	for _, r := range p.Results {
		at := -1
		for k, d := range returnedShape(r.Value) {
			switch {
			case d == s.size && at < 0:
				at = k
			case d != s.size && contains(d):
				return nil, msg.Errorf("%s has an axis of %s, which cannot be divided along %s", r.Name, d, name)
			}
		}
		s.results = append(s.results, at)
	}
	return s, nil
}

// returnedShape lists the sizes of the array that is returned for a value.
func returnedShape(v *plan.Value) []*expr.Dim {
	switch v.Rank {
	case 0:
		return nil
	case 1:
		return []*expr.Dim{v.Rows}
	case 2:
		return []*expr.Dim{v.Rows, v.Cols}
	}
	return []*expr.Dim{v.Dims[0], v.Rows, v.Cols}
}
