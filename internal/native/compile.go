package native

import (
	"fmt"
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// A program is what machines that are clones of each other share.
type program struct {
	slots    []slot
	steps    []step
	passes   []*pass
	params   []param
	results  []result
	samples  int // how many; 0 without passes
	block    int // samples in a block
	arena    int // entries of the program's memory
	worker   int // of a worker's
	sums     int // of the accumulators of a pass
	loopSums int // of those of a loop
	pairs    int // of totals that are no plain sums
	tiles    int
	items    int
	integers int
	counters int
	factors  []int // orders of matrices that are factorised
	copies   []copying
	threads  int
	trace    bool
	stages   []stage // for Steps
	describe func(*plan.Value) string
	progress func(Progress)
	largest  int // entries of the largest array between arguments and results
}

// A param is an argument.
type param struct {
	name       string
	skip       bool // a size or a function, which is no array
	rank       int
	shape      [3]int
	rows, cols int
	slot       int // −1 if it is not used
	along      int // the axis of the samples, or noAxis
}

// A result is an array that is returned. One of rank 3 has a row for each member.
type result struct {
	rank       int
	rows, cols int
	member     [2]int // rows and columns of a member
	slots      []int  // those whose memory it is
}

// A copying is a result that another result, a parameter or a constant has too.
type copying struct {
	from, to int // slot, result
}

// A compiler makes a program.
type compiler struct {
	g          *graph
	results    []operand
	resultOf   map[*node]int
	paramSlot  map[*node]int
	constSlots map[*node]int
	slots      []slot
	passes     []*pass
	bodies     map[bodyKey]*region
	counters   map[*expr.Index]int
	factors    map[*node]int
	orders     []int
	integers   int
	loopSums   int
	tiles      int
	items      int
	inPlace    bool
	trace      bool
	serial     bool
	main       *region
	block      int
}

func (c *compiler) counter(i *expr.Index) int {
	k, ok := c.counters[i]
	if !ok {
		k = len(c.counters)
		c.counters[i] = k
	}
	return k
}

func (c *compiler) factorOf(n *node) int {
	k, ok := c.factors[n]
	if !ok {
		k = len(c.orders)
		c.factors[n] = k
		c.orders = append(c.orders, n.rows)
	}
	return k
}

func (c *compiler) ints(n int) int {
	c.integers += n
	return c.integers - n
}

func (c *compiler) fit(l *loop) {
	c.loopSums = max(c.loopSums, l.sums)
	c.tiles = max(c.tiles, l.tiles)
	c.items = max(c.items, l.items)
}

// settings are what a program is made by.
type settings struct {
	eager   bool
	single  bool // every node by itself, and looked at
	serial  bool // blocks one after the other, each on all cores
	block   int
	samples int
	params  []param
	slotOf  []*node // the nodes of parameters
	passes  int
}

// build makes the program of a graph that is analysed.
func build(g *graph, results []operand, set settings) (*program, *compiler) {
	c := &compiler{g: g, results: results, resultOf: map[*node]int{}, paramSlot: map[*node]int{},
		constSlots: map[*node]int{}, bodies: map[bodyKey]*region{}, counters: map[*expr.Index]int{},
		factors: map[*node]int{}, inPlace: !set.single, trace: set.single, serial: set.serial, block: set.block}
	p := &program{block: set.block, samples: set.samples, params: slices.Clone(set.params)}
	for _, n := range set.slotOf {
		s := c.addSlot(slot{kind: inParam, rows: n.rows, cols: n.cols, axis: noAxis, size: n.size(), param: n.param, n: n})
		c.paramSlot[n] = s
		p.params[n.param].slot = s
	}
	var outs []*node
	for k, o := range results {
		n := o.n
		if _, ok := c.resultOf[n]; !ok && n.kind != plan.Param && n.kind != kindConst && n.kind != plan.Norm && n.kind != plan.Member {
			c.resultOf[n] = k
		}
		outs = append(outs, n)
	}
	c.collectPasses(set.passes, set.block)
	c.main = &region{c: c}
	for _, ps := range c.passes {
		ps.region.outer = c.main
	}
	c.main.collect(outs)
	c.main.form(set.eager, set.single)
	c.main.giveSlots()
	for _, ps := range c.passes {
		ps.region.form(set.eager, set.single)
		ps.region.giveSlots()
		ps.region.emit()
		ps.region.schedule()
		if !c.serial {
			ps.region.settle(0)
		}
		c.finishPass(ps, p)
	}
	c.main.emit()
	c.main.schedule()
	c.main.settle(0)
	for _, t := range c.main.order {
		p.steps = append(p.steps, t.step)
	}
	for k, o := range results {
		res := result{rows: o.rows, cols: o.cols}
		if of, ok := c.resultOf[o.n]; ok && of == k {
			for i := range c.slots {
				if s := &c.slots[i]; s.kind == inResult && s.param == k {
					res.slots = append(res.slots, i)
				}
			}
		} else {
			p.copies = append(p.copies, copying{c.main.ref(o, noAxis).slot, k})
		}
		p.results = append(p.results, res)
	}
	p.slots, p.passes, p.trace = c.slots, c.passes, c.trace
	for n, s := range c.main.slots {
		if _, ok := c.resultOf[n]; !ok {
			p.largest = max(p.largest, p.slots[s].size)
		}
	}
	p.arena = c.main.peak
	for _, ps := range c.passes {
		p.stages = append(p.stages, ps.region.list(ps.number))
	}
	p.stages = append(p.stages, c.main.list(-1))
	p.loopSums, p.tiles, p.items, p.integers = c.loopSums, c.tiles, c.items, c.integers
	p.counters, p.factors = len(c.counters), c.orders
	return p, c
}

// collectPasses finds what each pass computes.
func (c *compiler) collectPasses(count, block int) {
	for k := range count {
		p := &pass{number: k, serial: c.serial}
		p.region = &region{c: c, pass: p, number: k, block: block}
		for _, n := range c.g.list {
			if n.ends && n.level == k+1 || n.stored && n.form == along && n.level == k {
				p.leaves = append(p.leaves, n)
			}
		}
		c.passes = append(c.passes, p)
	}
	for _, p := range c.passes {
		p.region.outer = &region{c: c} // until there is the program's
		p.region.collect(p.leaves)
		p.reads = p.region.reads
	}
}

// finishPass lists the steps of a pass, its accumulators and the slots that depend on
// the block.
func (c *compiler) finishPass(p *pass, prog *program) {
	r := p.region
	for _, t := range r.order {
		p.steps = append(p.steps, t.step)
	}
	for i := range c.slots {
		if s := &c.slots[i]; s.kind == inArena && s.axis != noAxis && !slices.Contains(p.along, i) {
			p.along = append(p.along, i)
		}
	}
	for _, n := range p.leaves {
		if !n.ends {
			continue
		}
		s := r.slots[n]
		a := sum{from: s, to: c.main.slots[n], size: c.slots[s].size}
		if n.kind == plan.Norm || n.kind == plan.LogSumExp {
			a.kind = n.kind
			a.off = prog.pairs
			prog.pairs += a.size
		}
		p.sums = append(p.sums, a)
		p.sumLen += a.size
	}
	for _, n := range r.nodes {
		p.nanos += n.times * work(n)
	}
	if p.serial {
		return
	}
	prog.worker = max(prog.worker, r.peak)
	prog.sums = max(prog.sums, p.sumLen)
}

// bytes returns how much memory a machine with so many workers needs beside its
// arguments and results.
func (p *program) bytes(workers int) int {
	n := p.arena + p.pairs + (workers+1)*p.tiles*tileSize
	n += workers*p.worker + p.accumulators(workers)
	for _, k := range p.factors {
		n += 3 * k
	}
	return 8 * n
}

func (p *program) text(v *plan.Value) string {
	if p.describe != nil {
		if s := p.describe(v); s != "" {
			return s
		}
	}
	return Formula(v)
}

// prepare makes the nodes of values.
func prepare(values []*plan.Value, params []plan.Parameter, o *Options, thrifty bool, split map[*plan.Value]bool) (g *graph, results []operand, set settings, err error) {
	defer func() {
		if e := recover(); e != nil {
			u, ok := e.(userError)
			if !ok {
				panic(e)
			}
			err = u.error
		}
	}()
	g = &graph{of: map[*plan.Value]operand{}, copies: map[operand]*node{}, consts: map[float64]*node{},
		params: map[*expr.Symbol]int{}, fns: o.Functions, split: split, thrifty: thrifty, inverses: map[*node]*node{},
		census: countUses(values), applications: map[applied]operand{}}
	g.sizes = func(n *expr.SizeName) int64 {
		v, ok := o.Sizes[n.Name]
		if !ok {
			g.fail("the size %s is not given", n.Name)
		}
		return int64(v)
	}
	for k, p := range params {
		if p.Sym == nil || p.Sym.Kind == expr.Function {
			set.params = append(set.params, param{skip: true, slot: -1, along: noAxis})
			continue
		}
		g.params[p.Sym] = k
		q := param{name: p.Sym.Name, rank: plan.ArgumentRank(p.Sym), slot: -1, along: noAxis}
		at := 0
		if f := p.Sym.Family; f != nil {
			q.shape[0], at = g.dim(f.Size), 1
		}
		q.shape[at] = g.dim(p.Sym.Shape.Rows)
		if at+1 < len(q.shape) {
			q.shape[at+1] = g.dim(p.Sym.Shape.Cols)
		}
		set.params = append(set.params, q)
	}
	for _, v := range values {
		o := g.operand(v)
		if o.spread != whole || o.trans && o.rows != 1 && o.cols != 1 {
			o = see(g.build(o))
		}
		results = append(results, o)
	}
	for _, n := range g.list {
		if n.kind == plan.Param {
			set.slotOf = append(set.slotOf, n)
			set.params[n.param].rows, set.params[n.param].cols = n.rows, n.cols
		}
	}
	return g, results, set, nil
}

// Compile makes a machine that computes the values. Parameters that are sizes or
// unknown functions stand for themselves: their arrays are not read. It is an error if
// a size or a function is not given, a value is not made of the parameters, or, with
// o.Stream, the values cannot be computed block by block.
func Compile(values []*plan.Value, params []plan.Parameter, o Options) (*Machine, error) {
	best, err := compile(values, params, &o)
	if err != nil {
		return nil, err
	}
	best.threads = max(1, o.Threads)
	best.describe, best.progress = o.Describe, o.Progress
	for k := range best.results {
		v := values[k]
		best.results[k].rank = v.Rank
		if v.Rank == 3 {
			size := func(n *expr.SizeName) int64 { return int64(o.Sizes[n.Name]) }
			best.results[k].member = [2]int{int(v.Rows.Value(size)), int(v.Cols.Value(size))}
		}
	}
	return &Machine{p: best}, nil
}

func compile(values []*plan.Value, params []plan.Parameter, o *Options) (*program, error) {
	g, results, _, err := prepare(values, params, o, false, nil)
	if err != nil {
		return nil, err
	}
	var s *samples
	switch {
	case o.Stream != "":
		if s, err = given(g, params, o.Stream, false); err != nil {
			return nil, err
		}
	case o.Along != "":
		if s, err = given(g, params, o.Along, true); err != nil {
			s = nil // no variable has such an axis
		}
	case !o.Whole && !o.Trace:
		s = choose(g, params, results)
	}
	p, err := assemble(values, params, o, manner{samples: s, serial: o.Serial, thrifty: o.Thrifty})
	if err != nil || o.Whole || o.Trace || o.Stream != "" || o.Along != "" {
		return p, err
	}
	return leaner(values, params, o, p)
}

// A manner is how values are computed.
type manner struct {
	samples *samples // in blocks of these, or as a whole
	serial  bool     // with all cores on a block
	block   int      // samples in a block; 0 chooses it
	thrifty bool     // by steps that need less memory, and perhaps more time
}

// assemble makes the program of values that are computed in some manner.
func assemble(values []*plan.Value, params []plan.Parameter, o *Options, as manner) (*program, error) {
	g, results, set, err := prepare(values, params, o, as.thrifty, nil)
	if err != nil {
		return nil, err
	}
	s := as.samples
	a := analyse(g, s)
	if len(a.split) > 0 {
		split := map[*plan.Value]bool{}
		for _, v := range a.split {
			split[v] = true
		}
		if g, results, set, err = prepare(values, params, o, as.thrifty, split); err != nil {
			return nil, err
		}
		a = analyse(g, s)
	}
	if a.err != nil && s.stored {
		s.inner = false
		a = analyse(g, s)
	}
	if a.err != nil && s.stored {
		s = nil
		a = analyse(g, s)
	}
	a.finish(results)
	if s == nil && as.thrifty {
		g.accumulate(results)
	}
	if o.Stream != "" {
		if a.err == nil {
			for k, r := range results {
				if r.n.form == along {
					a.refuseResult(values[k])
				}
			}
		}
		if e, ok := a.err.(*NotStreamableError); ok {
			if e.Value != nil {
				e.Text = Formula(e.Value)
				if o.Describe != nil {
					e.Text = o.Describe(e.Value)
				}
			}
			return nil, e
		}
	}
	set.passes = a.passes
	if s != nil {
		set.samples = s.count
		for sym, axis := range s.axis {
			set.params[g.params[sym]].along = axis
		}
	}
	set.single, set.serial = o.Trace, as.serial
	set.block = max(o.Block, as.block)
	if set.block <= 0 {
		set.block = 64
		if s != nil && a.passes > 0 {
			p, c := build(g, results, set)
			set.block = c.chooseBlock(p, s)
		}
	}
	if s != nil {
		set.block = max(1, min(set.block, s.count))
	}
	set.eager = true
	p, _ := build(g, results, set)
	if !set.single {
		// Computing something early that its operands are at hand for saves time, unless
		// it is in the way for long.
		set.eager = false
		if q, _ := build(g, results, set); q.bytes(1)+1<<16 < p.bytes(1) {
			p = q
		}
	}
	return p, nil
}

func (a *analysis) refuseResult(v *plan.Value) {
	a.err = &NotStreamableError{Value: v, Reason: "has an entry for each sample"}
}

// given returns the samples that the caller names by their size.
func given(g *graph, params []plan.Parameter, name string, stored bool) (*samples, error) {
	s := &samples{axis: map[*expr.Symbol]int{}, stored: stored, inner: true}
	for _, p := range params {
		if p.Sym == nil || p.Sym.Kind == expr.Function {
			continue
		}
		if err := s.add(p.Sym, func(d *expr.Dim) bool { return d.String() == name }); err != nil {
			return nil, err
		}
	}
	if len(s.axis) == 0 {
		return nil, &NotStreamableError{Reason: fmt.Sprintf("no variable has an axis of size %s", name)}
	}
	for _, n := range g.list {
		if n.kind == plan.Param {
			if axis, ok := s.axis[n.v.Sym]; ok {
				s.count = n.rows
				if axis == 1 {
					s.count = n.cols
				}
			}
		}
	}
	s.addIndices(g, name)
	return s, nil
}

// add notes which axis of a parameter runs over the samples.
func (s *samples) add(sym *expr.Symbol, is func(*expr.Dim) bool) error {
	dims := []*expr.Dim{sym.Shape.Rows, sym.Shape.Cols}
	if sym.Family != nil {
		if !is(sym.Family.Size) {
			if is(dims[0]) || is(dims[1]) {
				return &NotStreamableError{Reason: fmt.Sprintf("the members of %s are as long as there are samples", sym.Name)}
			}
			return nil
		}
		s.axis[sym] = 0
		return nil
	}
	switch {
	case is(dims[0]) && is(dims[1]):
		if s.stored {
			s.axis[sym] = 0
			return nil
		}
		return &NotStreamableError{Reason: fmt.Sprintf("both axes of %s run over the samples", sym.Name)}
	case is(dims[0]):
		s.axis[sym] = 0
	case is(dims[1]):
		s.axis[sym] = 1
	}
	return nil
}

// addIndices finds the indices that run over the samples.
func (s *samples) addIndices(g *graph, name string) {
	for _, n := range g.list {
		if n.index != nil && n.index.Size.String() == name && !slices.Contains(s.index, n.index) {
			s.index = append(s.index, n.index)
		}
	}
}
