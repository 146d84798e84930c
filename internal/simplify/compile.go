package simplify

import (
	"fmt"
	"slices"
	"strings"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/syntax"
)

// An Engine has the compiled rules. It is read only and serves any number of
// problems at once.
type Engine struct {
	reg   *expr.Registry
	atom  map[*expr.Op][]*rule // by the operator of Lhs
	ops   map[*expr.Op][]*rule // term rules that start from an application of the operator
	group []*rule              // term rules that start from a group
	facts []*rule              // term rules that start from a variable with a fact
	known expr.Fact            // the facts that they start from
	// squares are Shorten's, by the operator that is squared.
	squares map[*expr.Op]*rule

	exp, elpow, mpow *expr.Op
}

// A rule is a compiled Rule.
type rule struct {
	Rule
	lhs, rhs *index.Sum
	vars     []variable // by position in letters

	// A rule for atoms: the pattern of the application.
	atom *index.Atom
	// at tells for each slot of lhs which slot of the application's result it is.
	at []int
	// An operand can match only if it has that many terms (0: any number), and the
	// operator as a factor of a term (nil: none is required).
	terms int
	has   *expr.Op
	// What the operand's variable must satisfy where the operand is that alone.
	alone *variable
	// The operand is put together: diag(v), c*A, A*B.
	composed bool

	// A rule for terms: the factors of lhs in the order of matching; the first is
	// where a match starts.
	order []int
	inner *expr.Op // an operator that a starting group has inside
	echo  bool     // the operand of the application at the start is a factor too
	bound bool     // lhs sums over something
}

// A variable is a variable of a rule with its conditions.
type variable struct {
	negative, positive, nonnegative bool
	facts                           expr.Fact
	assume                          string
}

// New compiles the rules over the operators of reg. An error names the rule.
func New(reg *expr.Registry, t *lower.Templates) (*Engine, error) {
	return compileTable(reg, t, table)
}

func compileTable(reg *expr.Registry, t *lower.Templates, rows []Rule) (*Engine, error) {
	e := bareEngine(reg)
	c := newCompiler(e)
	for _, row := range slices.Concat(rows, squares) {
		if err := c.parse(row); err != nil {
			return nil, fmt.Errorf("rule %s: %w", row.Name, err)
		}
	}
	if err := c.lower(t); err != nil {
		return nil, err
	}
	for i, r := range c.rules {
		if i < len(rows) {
			e.add(r)
		} else {
			e.squares[r.lhs.Terms[0].Factors[0].Atom.Op] = r
		}
	}
	return e, nil
}

// bareEngine has no rules but those that are not rows.
func bareEngine(reg *expr.Registry) *Engine {
	return &Engine{reg: reg, squares: map[*expr.Op]*rule{}, atom: map[*expr.Op][]*rule{}, ops: map[*expr.Op][]*rule{},
		exp: reg.Find("exp"), elpow: reg.Find(expr.OpElPow), mpow: reg.Find(expr.OpMPow)}
}

func (e *Engine) add(r *rule) {
	if r.atom != nil {
		e.atom[r.atom.Op] = append(e.atom[r.atom.Op], r)
		return
	}
	switch a := r.lhs.Terms[0].Factors[r.order[0]].Atom; a.Kind {
	case index.OpAtom:
		e.ops[a.Op] = append(e.ops[a.Op], r)
	case index.GroupAtom:
		e.group = append(e.group, r)
	default:
		e.facts = append(e.facts, r)
		e.known |= r.vars[a.Sym.Ordinal].facts
	}
}

// letters are the variables that rules may have.
const letters = "xyabcpquvABPQRX"

// A compiler compiles rules, whose patterns share one Builder and one Store.
type compiler struct {
	e     *Engine
	b     *expr.Builder
	names []check.Binding
	sizes []check.SizeBinding
	rules []*rule
	roots []*expr.Node // the two sides of each rule
}

func newCompiler(e *Engine) *compiler {
	b := expr.NewBuilder(e.reg)
	c := &compiler{e: e, b: b}
	n, m, one := b.Sizes.Size("n"), b.Sizes.Size("m"), b.One()
	c.sizes = []check.SizeBinding{{Name: "n", Dim: n}, {Name: "m", Dim: m}}
	for i := range len(letters) {
		kind, shape, facts := expr.Scalar, expr.Shape{Rows: one, Cols: one}, expr.Fact(0)
		switch letters[i] {
		case 'u', 'v':
			kind, shape.Rows = expr.Vector, n
		case 'R':
			kind, shape.Rows, shape.Cols = expr.Matrix, m, m
		case 'A', 'B', 'P', 'Q':
			kind, shape.Rows, shape.Cols = expr.Matrix, n, n
		case 'X':
			kind, shape.Rows, shape.Cols = expr.Matrix, n, m
		case 'p', 'q':
			facts = expr.Integer
		}
		s := b.NewSymbol(letters[i:i+1], kind, shape, facts)
		c.names = append(c.names, check.Binding{Name: s.Name, Node: b.Var(s)})
	}
	return c
}

func (c *compiler) parse(row Rule) error {
	r := &rule{Rule: row, vars: make([]variable, len(letters))}
	for _, text := range []string{row.Lhs, row.Rhs} {
		x, file, errs := syntax.ParseExpr(text, syntax.Options{})
		if len(errs) > 0 {
			return errs
		}
		var names []check.Binding
		for _, n := range c.names {
			if mentions(text, n.Name[0]) {
				names = append(names, n)
			}
		}
		root, errs := check.Instantiate(c.b, file, x, names, c.sizes)
		if len(errs) > 0 {
			return errs
		}
		c.roots = append(c.roots, root)
	}
	c.rules = append(c.rules, r)
	return r.conditions(c.b)
}

// mentions reports whether a one-letter name occurs in text.
func mentions(text string, name byte) bool {
	letter := func(i int) bool {
		return i >= 0 && i < len(text) && (text[i]|0x20 >= 'a' && text[i]|0x20 <= 'z')
	}
	for i := range len(text) {
		if text[i] == name && !letter(i-1) && !letter(i+1) {
			return true
		}
	}
	return false
}

func (c *compiler) lower(t *lower.Templates) error {
	st := index.NewStore(c.b, bareEngine(c.e.reg).rules())
	l, err := lower.New(st, t, nil, c.roots...)
	if err != nil {
		return err
	}
	for i, r := range c.rules {
		lv, rv := l.Lower(c.roots[2*i]), l.Lower(c.roots[2*i+1])
		r.lhs, r.rhs = arranged(st, lv), arranged(st, rv)
		if len(lv.Rows) != len(rv.Rows) || len(lv.Cols) != len(rv.Cols) {
			err = fmt.Errorf("the sides differ in shape")
		} else {
			err = r.classify(c.e)
		}
		if err != nil {
			return fmt.Errorf("rule %s: %w", r.Name, err)
		}
	}
	return nil
}

// arranged returns the sum with its slots in the order rows, columns.
func arranged(st *index.Store, v lower.Val) *index.Sum {
	perm := make([]int, len(v.S.Slots))
	for i, s := range append(slices.Clone(v.Rows), v.Cols...) {
		perm[s] = i
	}
	return st.Permute(v.S, perm)
}

// conditions reads When and Assume.
func (r *rule) conditions(b *expr.Builder) error {
	each := func(list string, set func(v *variable, word string) bool) error {
		if list == "" {
			return nil
		}
		for item := range strings.SplitSeq(list, ", ") {
			word, name, ok := strings.Cut(strings.TrimSuffix(item, ")"), "(")
			k := slices.IndexFunc(b.Symbols(), func(s *expr.Symbol) bool { return s.Name == name })
			if !ok || k < 0 || !set(&r.vars[k], word) {
				return fmt.Errorf("unknown condition %s", item)
			}
		}
		return nil
	}
	err := each(r.When, func(v *variable, word string) bool {
		switch word {
		case "negative":
			v.negative = true
		case "positive":
			v.positive = true
		case "nonnegative":
			v.nonnegative = true
		default:
			k := slices.Index(expr.FactNames, word)
			if k < 0 {
				return false
			}
			v.facts |= 1 << k
		}
		return true
	})
	if err != nil {
		return err
	}
	return each(r.Assume, func(v *variable, word string) bool {
		v.assume = word
		return word == "positive" || word == "nonzero" || word == "invertible"
	})
}

// classify finds out whether r is a rule for atoms or for terms, and where a
// match starts.
func (r *rule) classify(e *Engine) error {
	if len(r.lhs.Terms) != 1 || !r.lhs.Terms[0].Coef.IsOne() {
		return fmt.Errorf("the left side is no product")
	}
	t := &r.lhs.Terms[0]
	for c := range t.Dims {
		r.bound = r.bound || t.Bound(index.Ix(c))
	}
	if len(t.Factors) == 1 && t.Factors[0].Exp.IsOne() && t.Factors[0].Atom.Kind == index.OpAtom && !r.bound {
		f := &t.Factors[0]
		if len(f.Idx) != len(r.lhs.Slots) {
			return fmt.Errorf("the left side has an axis too many")
		}
		r.atom = f.Atom
		r.at = make([]int, len(r.lhs.Slots))
		for k, c := range t.Slot {
			r.at[k] = slices.Index(f.Idx, c)
		}
		arg := f.Atom.Args[0]
		if r.has = innerOp(arg); r.has != nil || len(arg.Terms) == 0 {
			r.terms = len(arg.Terms)
			if slices.ContainsFunc(arg.Terms, func(u index.Term) bool {
				return len(u.Factors) == 1 && u.Factors[0].Atom.Kind == index.VarAtom
			}) {
				r.terms = 0
			}
		}
		if v, ok := plain(arg); ok {
			r.alone = &r.vars[v.Atom.Sym.Ordinal]
		} else {
			r.composed = len(arg.Terms) == 1 && len(arg.Slots) == 2 && r.has == nil
		}
		return nil
	}
	// Start from what is rarest: an application that is not exp, a group, a
	// variable with a fact. Variables come last, when they are known.
	rank := func(f *index.Factor) int {
		switch a := f.Atom; {
		case a.Kind == index.OpAtom && a.Op != e.exp && a.Op.Class == expr.Core:
			return 0
		case a.Kind == index.OpAtom && a.Op != e.exp:
			return 1
		case a.Kind == index.GroupAtom:
			return 2
		case a.Kind == index.VarAtom && r.vars[a.Sym.Ordinal].facts != 0:
			return 3
		case a.Kind == index.OpAtom:
			return 4
		}
		return 5
	}
	for k := range t.Factors {
		r.order = append(r.order, k)
	}
	slices.SortStableFunc(r.order, func(a, b int) int { return rank(&t.Factors[a]) - rank(&t.Factors[b]) })
	if rank(&t.Factors[r.order[0]]) > 3 {
		return fmt.Errorf("nothing to start from on the left side")
	}
	if a := t.Factors[r.order[0]].Atom; a.Kind == index.OpAtom {
		v, ok := plain(a.Args[0])
		r.echo = ok && slices.ContainsFunc(t.Factors, func(f index.Factor) bool { return f.Atom == v.Atom })
	} else if a.Kind == index.GroupAtom {
		r.inner = innerOp(a.Args[0])
	}
	return nil
}

// innerOp returns an operator that a term of s has as a factor.
func innerOp(s *index.Sum) *expr.Op {
	for i := range s.Terms {
		for j := range s.Terms[i].Factors {
			if a := s.Terms[i].Factors[j].Atom; a.Kind == index.OpAtom && a.Sym == nil {
				return a.Op
			}
		}
	}
	return nil
}

func hasOp(s *index.Sum, op *expr.Op) bool {
	for i := range s.Terms {
		for j := range s.Terms[i].Factors {
			if a := s.Terms[i].Factors[j].Atom; a.Kind == index.OpAtom && a.Op == op && a.Sym == nil {
				return true
			}
		}
	}
	return false
}
