package bind

import (
	"errors"
	"fmt"
	"slices"

	"example.com/nabla/internal/data"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/native"
	"example.com/nabla/internal/plan"
)

// Options say how a program runs.
type Options struct {
	// Memory bounds the bytes of the data that are kept in memory, as float64; data that
	// are larger are read block by block in each run, and so are those of more than 256 MB in
	// files where that is possible. 0 has no bound.
	Memory int64
	// Stream names the size along which to go block by block, whether or not the data
	// are large.
	Stream string
	// Block is the number of samples in a block; with it, too, the data are gone through
	// block by block. 0 leaves both to the program.
	Block int
	// Threads is how many goroutines a run uses.
	Threads int
	// NotFinite allows NaN and infinity in the data.
	NotFinite bool
	Progress  func(native.Progress)
}

// A Machine runs a program on its data.
type Machine struct {
	*native.Machine
	// Args has an array for each parameter of the program, those of variables without
	// data being empty.
	Args []native.Array
	// Stream is the size that is gone through block by block from files, "" if all data
	// are in memory.
	Stream string
	// Count is how many samples there are.
	Count int
}

// stays is the size in memory, in bytes, from which on data in files stay there if a program
// can go through them in blocks: a logistic regression on 2 GB took 0.7 s so and 6.8 s where
// they were brought into memory first.
const stays = 256 << 20

// Machine compiles a program whose parameters are those that the data were bound to,
// also one made anew. Errors are of type *[Error] or *[data.Error].
func (b *Bound) Machine(prog *plan.Program, o Options) (*Machine, error) {
	var values []*plan.Value
	for _, r := range prog.Results {
		values = append(values, r.Value)
	}
	n := native.Options{Sizes: b.Sizes, Threads: o.Threads, Block: o.Block, Progress: o.Progress}
	total, stored := int64(0), false
	for _, v := range b.Variables {
		if v.Array != nil {
			total += 8 * int64(v.Array.Len())
			stored = stored || !v.Array.InMemory()
		}
	}
	large := o.Memory > 0 && total > o.Memory
	far := stored && total > stays
	m := &Machine{}
	var reason error
	if large || far || o.Stream != "" || o.Block > 0 {
		names := b.streams(o.Stream)
		if !large && o.Block == 0 {
			names = names[:min(1, len(names))] // the samples; along another axis blocks are no faster
		}
		for _, name := range names {
			n.Stream = name
			c, err := native.Compile(values, prog.Params, n)
			var not *native.NotStreamableError
			switch {
			case err == nil:
				m.Machine, m.Stream, m.Count = c, name, b.Sizes[name]
			case !errors.As(err, &not):
				return nil, &Error{Message: err.Error()}
			case reason == nil:
				reason = err
			}
			if m.Machine != nil {
				break
			}
		}
		switch {
		case m.Machine != nil:
		case o.Stream != "" || !large && o.Block > 0:
			if reason == nil {
				return nil, &Error{Message: fmt.Sprintf("no variable has an axis of size %s", o.Stream)}
			}
			return nil, &Error{Message: reason.Error()}
		case stored && large:
			e := &Error{Message: fmt.Sprintf("the data take %s in memory, more than --memory allows, %s, and cannot be gone through in blocks", data.Bytes(total), data.Bytes(o.Memory)),
				Hint: "--memory " + data.BytesFlag(total) + " reads them into memory"}
			if reason != nil {
				e.Notes = []string{reason.Error()}
			}
			return nil, e
		}
	}
	if m.Machine == nil {
		n.Stream = ""
		c, err := native.Compile(values, prog.Params, n)
		if err != nil {
			return nil, &Error{Message: err.Error()}
		}
		m.Machine = c
	}
	return m, b.arguments(prog, m, &o)
}

// streams lists the sizes that are tried as that of the samples: the one asked for, or
// the sizes of axes, those of the largest arrays first.
func (b *Bound) streams(name string) []string {
	if name != "" {
		return []string{name}
	}
	vars := slices.Clone(b.Variables)
	slices.SortStableFunc(vars, func(x, y *Variable) int { return y.size() - x.size() })
	var list []string
	for _, v := range vars {
		dims := plan.ArgumentShape(v.Sym)
		if v.Sym.Family != nil {
			dims = dims[:1]
		}
		if v.Array == nil {
			continue
		}
		slices.SortStableFunc(dims, func(x, y *expr.Dim) int { return b.value(y) - b.value(x) })
		for _, d := range dims {
			if n := alone(d); n != nil && !slices.Contains(list, n.Name) {
				list = append(list, n.Name)
			}
		}
	}
	return list
}

func (v *Variable) size() int {
	if v.Array == nil {
		return 0
	}
	return v.Array.Len()
}

// arguments makes the arrays of the parameters.
func (b *Bound) arguments(prog *plan.Program, m *Machine, o *Options) error {
	m.Args = make([]native.Array, len(prog.Params))
	for k, q := range prog.Params {
		if q.Sym == nil {
			continue
		}
		v := b.Find(q.Sym.Name)
		if v == nil {
			continue
		}
		a := &m.Args[k]
		a.Shape = v.Shape
		switch {
		case v.Array == nil:
		case m.Stream != "" && !v.Array.InMemory() && along(q.Sym, m.Stream):
			a.Source = checked{v, o.NotFinite}
		default:
			if !v.Array.InMemory() {
				values, err := v.Array.Values()
				if err != nil {
					return err
				}
				c, err := data.New(v.Array.Name, v.Array.Shape, values)
				if err != nil {
					return err
				}
				c.File, c.Type, c.Columns, c.Missing = v.Array.File, v.Array.Type, v.Array.Columns, v.Array.Missing
				v.Array.Close()
				v.Array = c
				if err := v.check(values, o.NotFinite); err != nil {
					return err
				}
			}
			a.Data, _ = v.Array.Values()
		}
	}
	return nil
}

// along reports whether a variable has an axis of that size.
func along(s *expr.Symbol, name string) bool {
	return slices.ContainsFunc(plan.ArgumentShape(s), func(d *expr.Dim) bool { return d.String() == name })
}
