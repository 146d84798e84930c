package code

import (
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// sampleLoop writes sums over samples as sums of each device's own, unless they are within
// another such sum.
func (d *pythonDialect) sampleLoop(w *Writer, list []*plan.Value, totals []string, body []string, texts []string) []string {
	out, args := d.sampleTerm(w, list, "term", body, texts)
	if out == nil {
		return jaxLoop(w, list, totals, body, texts)
	}
	w.Helper(shardSumOver)
	return append(out, strings.Join(totals, ", ")+" = _sum_over_samples("+args+")")
}

// sampleStack writes the matrices or columns of samples as those of each device's own.
func (d *pythonDialect) sampleStack(w *Writer, v *plan.Value, total string, body []string, text string) []string {
	stem, turned := "column", ".T"
	if v.Kind == plan.Stack {
		stem, turned = "member", ""
	}
	out, args := d.sampleTerm(w, []*plan.Value{v}, stem, body, []string{text})
	if out == nil {
		return jaxColumns(w, v, total, body, text)
	}
	w.Helper(shardStack)
	return append(out, total+" = _stack_samples("+args+")"+turned)
}

// sampleTerm writes what is done for one sample as a function of its index and of its members
// of families, and the arguments with which a helper is called for all. The function is nil
// where the loop is over something else, has no member, or is within one over the samples.
func (d *pythonDialect) sampleTerm(w *Writer, list []*plan.Value, stem string, body, texts []string) (function []string, arguments string) {
	v, families := list[0], sampleFamilies(list)
	if w.outermostSum(d.samples.size, w.depth(v)) != nil || v.Dims[0] != d.samples.size || len(families) == 0 {
		return nil, ""
	}
	name := w.Names.numbered(stem)
	params, args := []string{w.Names.Index(v.Index)}, []string{name, w.Size(v.Dims[0], 0)}
	for _, s := range families {
		params = append(params, w.Names.Member(s, v.Index))
		args = append(args, w.Names.Symbol(s))
	}
	return jaxTerm(w, name, params, body, texts), strings.Join(args, ", ")
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
