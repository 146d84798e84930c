package code

import (
	"fmt"
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

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
