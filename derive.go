package nabla

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"example.com/nabla/internal/derive"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
)

// A DeriveRequest asks for derivations: what is differentiated by what, as in a
// Request, and how the lines are written.
type DeriveRequest struct {
	Request
	Colon  bool // A : B for tr(AᵀB)
	Brief  bool // several rules on a line
	Expand bool // answers without the intermediates that the program names
	Shapes bool // shapes under the factors
}

// A Derivation is the answer to a DeriveRequest.
type Derivation struct {
	Result *Result // what Differentiate says
	Paper  *paper.Paper
	// Seconds from text to lines, with their checks.
	Seconds float64
}

// ErrNoDerivation is returned where an answer is known but no derivation of it that
// a person could read.
var ErrNoDerivation = derive.ErrNone

// Derive differentiates and writes how the answer comes about, line by line. Every
// line has been compared by numbers at a random point in a random direction; a line
// that fails is an *InternalError.
func Derive(req DeriveRequest) (d *Derivation, err error) {
	begin := time.Now()
	var p *problem
	defer func() {
		if r := recover(); r != nil {
			if err = p.fault(r); err == nil {
				panic(r)
			}
		}
	}()
	req.defaults()
	if p, err = open(&req.Request); err != nil {
		return nil, err
	}
	if len(req.Wrt) == 0 {
		if req.Wrt, err = p.onlyVariable("differentiate by"); err != nil {
			return nil, err
		}
		if p, err = open(&req.Request); err != nil {
			return nil, err
		}
	}
	if len(req.Wrt) > 1 && p.cuts() {
		return nil, plainError("one variable at a time, where one of them is a name that the program defines")
	}
	defer p.release()
	if err := p.differentiate(); err != nil {
		return nil, err
	}
	p.res.Seconds = p.seconds.Seconds()
	pap, err := p.derivation(&req)
	if err != nil {
		return nil, err
	}
	return &Derivation{Result: p.res, Paper: pap, Seconds: time.Since(begin).Seconds()}, nil
}

// derivation writes the lines of the answers.
func (p *problem) derivation(req *DeriveRequest) (*paper.Paper, error) {
	r := &derive.Request{
		Builder: p.b, Result: p.prog.Result, Name: p.res.Name,
		Numerator: req.Layout == Numerator, ByRows: req.Vec == Rows,
		Brief: req.Brief, Expand: req.Expand, Shapes: req.Shapes,
		Gradient: p.gradientOf, Jacobian: p.jacobianOf, Simplify: p.simplifyNode, Print: p.po,
	}
	if req.Colon {
		r.Style = derive.Colon
	}
	for _, d := range p.prog.Defs {
		if d.Node != nil && d.Cut == nil {
			r.Definitions = append(r.Definitions, derive.Definition{Name: d.Name, Node: d.Node})
		}
		for _, m := range d.Members {
			if d.Cut == nil {
				r.Definitions = append(r.Definitions, derive.Definition{Name: d.Name, Node: m.Node, Index: m.Index})
			}
		}
	}
	for i, a := range p.res.Derivatives {
		ans := derive.Answer{Wrt: p.prog.Wrt[i], Node: p.nodes[i], Text: a.Line, LaTeX: a.LineLaTeX,
			Symbol: a.Symbol, SymbolLaTeX: a.SymbolLaTeX, Identity: a.Identity, IdentityLaTeX: a.IdentityLaTeX}
		for _, w := range a.Where {
			ans.Where = append(ans.Where, derive.Named(w))
		}
		r.Answers = append(r.Answers, ans)
	}
	pap, err := derive.Derive(r)
	var wrong *derive.Mistake
	if errors.As(err, &wrong) {
		return nil, &InternalError{wrong.Message}
	}
	var open *derive.Unchecked
	if errors.As(err, &open) {
		return nil, fmt.Errorf("%w: its lines could not be compared with numbers (%s)", ErrNoDerivation, open.Reason)
	}
	if err != nil {
		return nil, err
	}
	p.given(pap)
	p.titled(pap)
	return pap, nil
}

// given lists the variables before the definitions that a derivation begins with.
func (p *problem) given(pap *paper.Paper) {
	var list []paper.Given
	for _, v := range p.prog.Vars {
		if !v.Occurs {
			continue
		}
		s := v.Symbol
		name := memberName(s)
		set, setTeX := "ℝ", `\mathbb{R}`
		switch {
		case s.Shape.IsScalar():
		case s.Shape.IsVector():
			set += "^" + s.Shape.Rows.String()
			setTeX += "^{" + print.LaTeXName(s.Shape.Rows.String()) + "}"
		default:
			set += "^{" + s.Shape.Rows.String() + "×" + s.Shape.Cols.String() + "}"
			setTeX += "^{" + print.LaTeXName(s.Shape.Rows.String()) + ` \times ` + print.LaTeXName(s.Shape.Cols.String()) + "}"
		}
		g := paper.Given{Formula: paper.Formula{Text: name + " ∈ " + set, LaTeX: print.LaTeXName(name) + ` \in ` + setTeX}}
		for _, f := range v.Facts.Names() {
			if g.Words.En != "" {
				g.Words.En, g.Words.Zh = g.Words.En+", ", g.Words.Zh+"、"
			}
			g.Words.En += f
			g.Words.Zh += factZh[f]
		}
		if v.Inferred {
			g.Remark = paper.Words{En: "inferred", Zh: "推断"}
		}
		list = append(list, g)
	}
	pap.Given = append(list, pap.Given...)
}

var factZh = map[string]string{
	"symmetric": "对称", "posdef": "正定", "diagonal": "对角", "orthogonal": "正交", "onehot": "one-hot",
	"simplex": "各元素非负且和为 1", "positive": "元素为正", "invertible": "可逆", "integer": "整数",
	"constant": "常量", "toeplitz": "Toeplitz",
}

// apart lowers a node in a store of its own, differentiates it by x if that is not
// nil, and raises the result. It returns nil where there is no matrix notation.
func (p *problem) apart(n *expr.Node, x *expr.Symbol, layout Layout) (out *expr.Node) {
	defer func() {
		switch r := recover(); r.(type) {
		case nil:
		case lower.Unsupported, lower.DomainError:
			out = nil
		default:
			if err, ok := r.(error); ok && (errors.Is(err, index.ErrZeroDivision) || errors.Is(err, index.ErrNegativeRoot)) {
				out = nil
				return
			}
			panic(r)
		}
	}()
	st := index.NewStore(p.b, p.eng.rules.For())
	low, err := lower.New(st, p.eng.templates, func(s *expr.Symbol) bool { return s == x }, n)
	if err != nil {
		return nil
	}
	v := low.Lower(n)
	w := view{v.S, raise.Axes{Rows: v.Rows, Cols: v.Cols}}
	q := *p
	q.st, q.low, q.rules, q.req = st, low, p.eng.rules.For(), &Request{Layout: layout, Vec: Columns}
	if x != nil {
		w = q.derive(w, x)
	}
	w = q.simplify(w)
	family := raise.FamilyMatrix
	if slices.ContainsFunc(p.b.Nodes(), func(n *expr.Node) bool { return n.Op.Name == expr.OpMember }) {
		family = raise.FamilySum
	}
	m, form := raise.New(p.b, raise.Options{Family: family}).Raise(w.sum, w.axes)
	if form == raise.Index {
		return nil
	}
	return m
}

func (p *problem) gradientOf(f *expr.Node, x *expr.Symbol) *expr.Node {
	return p.apart(f, x, Denominator)
}

func (p *problem) jacobianOf(f *expr.Node, x *expr.Symbol) *expr.Node {
	return p.apart(f, x, Numerator)
}

func (p *problem) simplifyNode(n *expr.Node) *expr.Node { return p.apart(n, nil, Denominator) }
