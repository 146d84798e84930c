package code

import (
	"fmt"
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
			return nil, msg.Errorf("%s has %s %s, which cannot be divided along %s", a.Sym.Name, a.Size, msg.Say(axisWord(a.AxisOf)), name)
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

// shardWords are names of a module whose samples are divided.
var shardWords = words(`mesh part place Samples dataclasses functools Mesh NamedSharding PartitionSpec
	count program whole rows results _padded _stack_samples _compiled _exact _place _host _sum_over_samples axis_name`)

// writeShard writes a module for JAX: the function as it is for one device, within a
// function that puts the samples on the devices and lets XLA's partitioner divide the work.
func writeShard(p *plan.Program, s *samples) []File {
	d := jax
	d.samples = s
	d.loop = d.sampleLoop
	d.columns = d.sampleStack
	d.imports = append(slices.Clone(jax.imports), "from jax.sharding import Mesh, NamedSharding, PartitionSpec")
	w := NewWriter(d.language(), p) // for the names
	q := *p
	q.Doc = nil
	helpers := []string{jaxExact, shardMesh}
	inner := d.function(&q, "_"+p.Name, &helpers, checkedArguments)
	text := shardFile{w: w, d: &d, s: s}
	body := text.public() + "\n\n" + text.compiled() + "\n\n" + inner
	if p.Check != nil {
		c := jax
		if slices.ContainsFunc(s.results, func(axis int) bool { return axis >= 0 }) {
			c.checks.results = "tuple(jnp.asarray(r.local()) if isinstance(r, Samples) else r for r in results)"
		}
		body += "\n\n" + c.check(p, &helpers)
	}
	if text.divides() {
		helpers = append(helpers, shardPadded)
	}
	helpers = append(helpers, shardSamples, text.place())
	source := d.source(helpers, body)
	return []File{{p.Name + ".py", text.replace(source)}}
}

// A shardFile writes what a module has besides the function for one device.
type shardFile struct {
	w *Writer
	d *pythonDialect
	s *samples
}

// replace puts names into a text: @axis is the name of the axis of samples, @size their
// number as the program calls it.
func (f *shardFile) replace(text string) string {
	return strings.NewReplacer("@axis", f.s.name, "@size", f.w.Size(f.s.size, 0)).Replace(text)
}

// arguments lists the parameters; each is given with its axis of samples or −1, and static
// where it is an integer or a function.
func (f *shardFile) arguments(each func(name string, sym *expr.Symbol, axis int, static bool)) {
	for _, q := range f.w.Prog.Params {
		switch {
		case q.Sym == nil:
			each(f.w.Names.Size(q.Size), nil, -1, true)
		case q.Sym.Kind == expr.Function:
			for _, k := range q.Orders {
				each(f.w.Names.Function(q.Sym, k), q.Sym, -1, true)
			}
		default:
			each(f.w.Names.Symbol(q.Sym), q.Sym, f.s.of(q.Sym), isCount(q.Sym))
		}
	}
}

// lists are the names of all parameters, those with samples, those without that are arrays,
// and the static ones.
func (f *shardFile) lists() (all, divided, others, static []string) {
	f.arguments(func(name string, _ *expr.Symbol, axis int, still bool) {
		all = append(all, name)
		switch {
		case still:
			static = append(static, name)
		case axis >= 0:
			divided = append(divided, name)
		default:
			others = append(others, name)
		}
	})
	return all, divided, others, static
}

// public writes the function that users call.
func (f *shardFile) public() string {
	all, divided, others, static := f.lists()
	p := f.w.Prog
	var b strings.Builder
	b.WriteString("def " + p.Name + "(" + strings.Join(all, ", ") + "):\n")
	doc := slices.Clone(p.Doc)
	if len(doc) == 0 {
		doc = []string{"The function of samples that are divided among devices."}
	}
	of := "array"
	if len(divided) > 1 {
		of = "arrays"
	}
	results := make([]string, len(p.Results))
	for i, r := range p.Results {
		results[i] = resultName(unicodeIdentifier)(r)
	}
	b.WriteString(docString(append(doc, "",
		"The @size samples of "+strings.Join(divided, ", ")+" are divided among all devices of all processes;",
		f.returned()+" In one process, call it with the whole "+of+".",
		"With several, or to call it more than once, place the samples first; each process",
		"loads its part:",
		"",
		"    jax.distributed.initialize()  # with several processes, before anything else of JAX",
		"    rows = part(@size)",
		"    "+f.placing("[rows]", "count=@size"),
		"    "+strings.Join(results, ", ")+" = "+p.Name+"("+strings.Join(all, ", ")+")",
		"",
		"For float64, call jax.config.update('jax_enable_x64', True) first.")))
	line := func(s string) { b.WriteString("    " + s + "\n") }
	left := strings.Join(divided, ", ")
	if len(divided) == 1 {
		left = "(" + left + ",)"
	}
	line(left + " = _samples(" + strings.Join(divided, ", ") + ")")
	for _, o := range others {
		line(fmt.Sprintf("%s = _host(%q, %s)", o, o, o))
	}
	args := make([]string, 0, len(all))
	f.arguments(func(name string, _ *expr.Symbol, axis int, still bool) {
		switch {
		case still:
		case axis >= 0:
			args = append(args, name+".array")
		default:
			args = append(args, name)
		}
	})
	call := "_compiled(" + strings.Join(append([]string{divided[0] + ".count"}, static...), ", ") + ")(" + strings.Join(args, ", ") + ")"
	if !f.divides() {
		line("return " + call)
		return b.String()
	}
	names := make([]string, len(results))
	for k, axis := range f.s.results {
		if names[k] = "results[" + itoa(k) + "]"; axis >= 0 {
			names[k] = fmt.Sprintf("Samples(%s, %s.count, %d)", names[k], divided[0], axis)
		}
	}
	line("results = " + call)
	line("return " + strings.Join(names, ", "))
	return b.String()
}

// divides reports whether a result has the samples.
func (f *shardFile) divides() bool {
	return slices.ContainsFunc(f.s.results, func(axis int) bool { return axis >= 0 })
}

// returned says where the results are.
func (f *shardFile) returned() string {
	if !f.divides() {
		return "what is returned is whole on each."
	}
	var list []string
	for k, axis := range f.s.results {
		if axis >= 0 {
			list = append(list, resultName(unicodeIdentifier)(f.w.Prog.Results[k]))
		}
	}
	return "so is what is returned for " + strings.Join(list, ", ") + ", as Samples; the rest is whole on each."
}

// placing writes X, y = place(X[rows], y[rows], …) for the docstring.
func (f *shardFile) placing(index string, more string) string {
	_, divided, _, _ := f.lists()
	var from []string
	f.arguments(func(name string, _ *expr.Symbol, axis int, _ bool) {
		if axis >= 0 {
			from = append(from, name+strings.Replace(index, "[", "["+strings.Repeat(":, ", axis), 1))
		}
	})
	return strings.Join(divided, ", ") + " = place(" + strings.Join(append(from, more), ", ") + ")"
}

// compiled writes the function that compiles for a number of samples.
func (f *shardFile) compiled() string {
	_, _, _, static := f.lists()
	var b strings.Builder
	b.WriteString("@functools.lru_cache(maxsize=None)\ndef _compiled(" + strings.Join(append([]string{"count"}, static...), ", ") + "):\n")
	b.WriteString("    \"\"\"The function compiled for a number of samples; it leaves out the zeros after them.\"\"\"\n\n")
	var arrays, shardings, inner []string
	f.arguments(func(name string, _ *expr.Symbol, axis int, still bool) {
		switch {
		case still:
			inner = append(inner, name)
			return
		case axis >= 0:
			inner = append(inner, name+"["+strings.Repeat(":, ", axis)+":count]")
			shardings = append(shardings, fmt.Sprintf("_divided(%d)", axis))
		default:
			inner = append(inner, name)
			shardings = append(shardings, "whole")
		}
		arrays = append(arrays, name)
	})
	b.WriteString("    def program(" + strings.Join(arrays, ", ") + "):\n")
	call, out := "_"+f.w.Prog.Name+"("+strings.Join(inner, ", ")+")", "whole"
	if !f.divides() {
		b.WriteString("        return " + call + "\n\n")
	} else {
		if len(f.s.results) == 1 {
			call = "(" + call + ",)"
		}
		var padded, outs []string
		for k, axis := range f.s.results {
			r := "results[" + itoa(k) + "]"
			if axis >= 0 {
				padded, outs = append(padded, fmt.Sprintf("_padded(%s, %d)", r, axis)), append(outs, fmt.Sprintf("_divided(%d)", axis))
			} else {
				padded, outs = append(padded, r), append(outs, "whole")
			}
		}
		out = "(" + commaList(outs) + ")"
		b.WriteString("        results = " + call + "\n")
		b.WriteString("        return (" + commaList(padded) + ")\n\n")
	}
	b.WriteString("    whole = NamedSharding(mesh(), PartitionSpec())\n")
	b.WriteString("    return jax.jit(program, in_shardings=(" + commaList(shardings) + "), out_shardings=" + out + ")\n")
	return b.String()
}

// commaList writes the items of a tuple.
func commaList(items []string) string {
	if len(items) == 1 {
		return items[0] + ","
	}
	return strings.Join(items, ", ")
}

// place writes the functions that put samples on devices.
func (f *shardFile) place() string {
	_, divided, _, _ := f.lists()
	params := strings.Join(divided, ", ")
	var each []string
	f.arguments(func(name string, sym *expr.Symbol, axis int, _ bool) {
		if axis >= 0 {
			each = append(each, fmt.Sprintf("_place(%q, %s, %d, %d, count)", name, name, plan.ArgumentRank(sym), axis))
		}
	})
	axis := f.s.axes[0].Axis
	var b strings.Builder
	b.WriteString("def place(" + params + ", count=None):\n")
	b.WriteString(docString([]string{
		"The samples on the devices: those of this process, part(count) of count in all.",
		"",
		"Where there is one process, count may be left out.",
	}))
	line := func(s string) { b.WriteString("    " + s + "\n") }
	line("if count is None:")
	line("    if jax.process_count() > 1:")
	line("        raise ValueError(\"count, the number of all samples, is required with several processes\")")
	line(fmt.Sprintf("    count = np.shape(%s)[%d]", divided[0], axis))
	if len(each) == 1 {
		line("return " + each[0])
	} else {
		line("return (")
		for _, e := range each {
			line("    " + e + ",")
		}
		line(")")
	}
	b.WriteString("\n\ndef _samples(" + params + "):\n")
	b.WriteString("    \"\"\"The arguments on the devices, all with as many samples.\"\"\"\n")
	line("placed = [a for a in (" + commaList(divided) + ") if isinstance(a, Samples)]")
	call := "place(" + params + ", placed[0].count if placed else None)"
	if len(divided) == 1 {
		call = "(" + call + ",)"
	}
	line("return " + call)
	return b.String()
}

// sampleLoop writes sums over samples as sums of each device's own, unless they are within
// another such sum.
func (d *pythonDialect) sampleLoop(w *Writer, list []*plan.Value, totals []string, body []string, texts []string) []string {
	v, families := list[0], sampleFamilies(list)
	if w.outermostSum(d.samples.size, w.depth(v)) != nil || v.Dims[0] != d.samples.size || len(families) == 0 {
		return jaxLoop(w, list, totals, body, texts)
	}
	w.Helper(shardSumOver)
	name := w.Names.numbered("term")
	params, args := []string{w.Names.Index(v.Index)}, []string{}
	for _, s := range families {
		params = append(params, w.Names.Member(s, v.Index))
		args = append(args, w.Names.Symbol(s))
	}
	out := jaxTerm(w, name, params, body, texts)
	return append(out, strings.Join(totals, ", ")+" = _sum_over_samples("+name+", "+w.Size(v.Dims[0], 0)+", "+strings.Join(args, ", ")+")")
}

// sampleStack writes the matrices or columns of samples as those of each device's own.
func (d *pythonDialect) sampleStack(w *Writer, v *plan.Value, total string, body []string, text string) []string {
	families := sampleFamilies([]*plan.Value{v})
	if w.outermostSum(d.samples.size, w.depth(v)) != nil || v.Dims[0] != d.samples.size || len(families) == 0 {
		return jaxColumns(w, v, total, body, text)
	}
	w.Helper(shardStack)
	stem, turned := "column", ".T"
	if v.Kind == plan.Stack {
		stem, turned = "member", ""
	}
	name := w.Names.numbered(stem)
	params, args := []string{w.Names.Index(v.Index)}, []string{}
	for _, s := range families {
		params = append(params, w.Names.Member(s, v.Index))
		args = append(args, w.Names.Symbol(s))
	}
	out := jaxTerm(w, name, params, body, []string{text})
	return append(out, total+" = _stack_samples("+name+", "+w.Size(v.Dims[0], 0)+", "+strings.Join(args, ", ")+")"+turned)
}

// sampleFamilies lists the families whose members at the index of loops they need.
func sampleFamilies(list []*plan.Value) []*expr.Symbol {
	var families []*expr.Symbol
	for _, u := range plan.Schedule(list) {
		if u.Kind == plan.Member && u.Index == list[0].Index && !slices.Contains(families, u.Args[0].Sym) {
			families = append(families, u.Args[0].Sym)
		}
	}
	return families
}

const jaxExact = `def _exact(name, value):
    """The value, unless JAX would round it."""
    if isinstance(value, np.ndarray) and value.dtype == np.float64 and not jax.config.jax_enable_x64:
        raise TypeError(
            f"{name} is float64, which JAX rounds to float32: pass float32, "
            "or call jax.config.update('jax_enable_x64', True) first"
        )
    return value
`

const shardMesh = `@functools.lru_cache(maxsize=None)
def mesh():
    """All devices of all processes in a row."""
    return Mesh(np.array(jax.devices()), ("@axis",))


def _divided(axis):
    """How an array is divided that has the samples along an axis."""
    return NamedSharding(mesh(), PartitionSpec(*[None] * axis, "@axis"))
`

const shardSamples = `@dataclasses.dataclass(frozen=True)
class Samples:
    """Samples along an axis of an array that is divided among the devices.

    After the last sample there are zeros, so that each device has as many rows.
    """

    array: jax.Array
    count: int
    axis: int

    def local(self):
        """The samples of this process, part(count) of all, as an array of NumPy."""
        shards = {s.index[self.axis].start or 0: s.data for s in self.array.addressable_shards}
        joined = np.concatenate([np.asarray(shards[k]) for k in sorted(shards)], axis=self.axis)
        own = part(self.count)
        return joined[(slice(None),) * self.axis + (slice(own.stop - own.start),)]


def part(count):
    """The samples, of count in all, that this process loads, as a slice."""
    rows = -(-count // jax.device_count())  # of each device
    first = jax.process_index() * jax.local_device_count() * rows
    last = first + jax.local_device_count() * rows
    return slice(min(first, count), min(last, count))


def _place(name, value, rank, axis, count):
    """Samples of one argument on the devices."""
    if isinstance(value, Samples):
        if value.count != count:
            raise ValueError(f"{name} has {value.count} samples, others have {count}: all must have @size")
        return value
    value = np.asarray(_exact(name, value))
    if value.ndim != rank:
        what = ("a scalar", "a vector", "a matrix", "a stack of matrices")[rank]
        raise ValueError(f"{name} must be {what}, got an array with {value.ndim} axes")
    own = part(count)
    if value.shape[axis] != own.stop - own.start:
        process, processes = jax.process_index() + 1, jax.process_count()
        want = f"there are {count}: all must have @size"
        if processes > 1:
            want = f"process {process} of {processes} has {own.stop - own.start} of all {count}: see part"
        raise ValueError(f"{name} has {value.shape[axis]} samples, but {want}")
    rows = -(-count // jax.device_count())
    zeros = rows * jax.local_device_count() - value.shape[axis]
    if zeros:
        value = np.pad(value, [(0, zeros if k == axis else 0) for k in range(rank)])
    shape = value.shape[:axis] + (rows * jax.device_count(),) + value.shape[axis + 1 :]
    return Samples(jax.make_array_from_process_local_data(_divided(axis), value, shape), count, axis)


def _host(name, value):
    """An argument that every process has as a whole."""
    if isinstance(value, (jax.Array, int, float)):
        return value
    if isinstance(value, (list, tuple)):
        value = jnp.asarray(value)
    return np.asarray(_exact(name, value))
`

const shardPadded = `def _padded(a, axis):
    """Samples with zeros after the last, so that each device has as many rows."""
    rows = -(-a.shape[axis] // mesh().size)
    return jnp.pad(a, [(0, rows * mesh().size - n if k == axis else 0) for k, n in enumerate(a.shape)])
`

const shardStack = `def _stack_samples(member, count, *families):
    """The arrays member(i, members i) for i < count along a first axis.

    Each device computes those of its own samples; as many are computed at once as make
    arrays of up to 2^22 entries.
    """
    devices = mesh().size
    rows = -(-count // devices)
    families = [jnp.pad(a, [(0, rows * devices - count)] + [(0, 0)] * (a.ndim - 1)) for a in families]
    members = [jax.ShapeDtypeStruct(a.shape[1:], a.dtype) for a in families]
    program = jax.make_jaxpr(member)(0, *members)
    entries = max([v.aval.size for e in program.eqns for v in e.outvars], default=1)
    block = max(1, min(rows, 2**22 // max(1, entries)))

    def own(*families):
        first = jax.lax.axis_index("@axis") * rows
        return jax.lax.map(lambda k: member(first + k, *(a[k] for a in families)), jnp.arange(rows), batch_size=block)

    along = PartitionSpec("@axis")
    return jax.shard_map(own, mesh=mesh(), in_specs=along, out_specs=along, check_vma=False)(*families)[:count]
`

const shardSumOver = `def _sum_over_samples(term, count, *families):
    """Sum of term(i, members i), an array or several, over i < count.

    Each device sums its own samples; as many terms are computed at once as make arrays of
    up to 2^18 entries.
    """
    devices = mesh().size
    rows = -(-count // devices)
    families = [jnp.pad(a, [(0, rows * devices - count)] + [(0, 0)] * (a.ndim - 1)) for a in families]
    members = [jax.ShapeDtypeStruct(a.shape[1:], a.dtype) for a in families]
    program, out = jax.make_jaxpr(term, return_shape=True)(0, *members)
    entries = max([v.aval.size for e in program.eqns for v in e.outvars], default=1)
    block = max(1, min(rows, 2**18 // max(1, entries)))

    def own(*families):
        first = jax.lax.axis_index("@axis") * rows

        def add(k, totals):
            at = k * block + jnp.arange(block)
            i = jnp.minimum(at, rows - 1)

            def plus(total, terms):
                inside = jnp.expand_dims((at < rows) & (first + at < count), range(1, terms.ndim))
                return total + jnp.sum(jnp.where(inside, terms, 0), axis=0)

            return jax.tree.map(plus, totals, jax.vmap(term)(first + i, *(a[i] for a in families)))

        zeros = jax.tree.map(lambda t: jnp.zeros(t.shape, t.dtype), out)
        return jax.lax.psum(jax.lax.fori_loop(0, -(-rows // block), add, zeros), "@axis")

    along, whole = PartitionSpec("@axis"), PartitionSpec()
    return jax.shard_map(own, mesh=mesh(), in_specs=along, out_specs=whole, check_vma=False)(*families)
`
