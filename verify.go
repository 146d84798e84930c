package nabla

import (
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// A VerifyRequest asks whether a formula is the derivative of an expression.
type VerifyRequest struct {
	Program, File string // as in Request
	// Notation is what the program and the claim are written in; ClaimNotation is that of
	// the claim alone, beside a program in the language.
	Notation      Notation
	ClaimNotation Notation
	Vars          []Declaration
	Closed        bool
	Wrt           string // the variable; may be empty where the program has one
	Order         int    // 0 means 1
	Layout        Layout
	Vec           VecOrder
	Structured    bool
	// Claim is the formula, or a derivation line by line. A line is an expression, the
	// derivative as claimed; or an equation whose left side says what is claimed:
	// ∂l/∂w, dl/dw or grad the derivative, dl the differential, in which dX is that of
	// the variable X, l the expression itself, a new name a definition for later lines.
	// A line that begins with = goes on from the last left side.
	Claim     string
	ClaimFile string // its file, for messages; may be empty
	Limits    Limits // of time and memory
}

// A Verdict says whether a claim is right, and what is wrong with it.
type Verdict struct {
	Equal bool
	// Argument says why claim and truth are equal: "same canonical form" (both are one
	// node, or their difference multiplied out is zero) or "by numbers only" (they agree
	// at random points of several sizes).
	Argument Argument
	// Kind names what is wrong; empty if nothing is. The names are stable.
	Kind string
	// Message says it in English, MessageZH in Chinese.
	Message, MessageZH string
	// HoldsIf are facts that are not declared and with which the claim would be right,
	// such as "S: symmetric".
	HoldsIf []string
	// Line is the line of the claim that Kind is about, from 1; 0 if all is right. In a
	// claim of one line with semicolons it counts the statements.
	Line int
	// Lines are the claims, one for each equals sign of a derivation, up to the first
	// wrong one.
	Lines []VerifiedLine
	// Claimed is the claim as understood, True what would be right in its place.
	Claimed, True Formula
	// Part is the term or factor that Kind is about, or empty.
	Part Formula
	// Counterexample shows the difference by small numbers; nil if the claim is right.
	Counterexample *Counterexample
	// Result has what was understood of the program, without derivatives.
	Result *Result
	// Derivative is the true derivative with all that is said of it; nil where the
	// verdict is about a line that claims something else.
	Derivative *Derivative
	Points     int // at which claim and truth were compared
}

// An Argument says why two formulas are equal.
type Argument string

// The arguments.
const (
	CanonicalForm Argument = "same canonical form"
	ByNumbers     Argument = "by numbers only"
)

// A Formula is an expression in the notations.
type Formula struct {
	Symbol      string // the left-hand side, such as ∂l/∂w or dl
	SymbolLaTeX string
	Text        string
	Language    string
	LaTeX       string
	Shape       string
}

// A VerifiedLine is a claim that was looked at.
type VerifiedLine struct {
	Line     int // as in Verdict
	Equal    bool
	Argument Argument
	Claimed  Formula
	Defines  bool // the line defines a name and claims nothing
}

// Verify compares a claim with the derivative.
func Verify(req VerifyRequest) (out *Verdict, err error) {
	if req.Notation != LanguageNotation || req.ClaimNotation != LanguageNotation {
		return verifyLaTeX(req)
	}
	v := &verifier{req: req, out: &Verdict{}}
	defer func() {
		if r := recover(); r != nil {
			err = req.Limits.recovered(r, v.fault)
		}
	}()
	if err := v.run(); err != nil {
		return nil, err
	}
	return v.out, nil
}

// A verifier is a claim on its way to the verdict.
type verifier struct {
	req   VerifyRequest
	first *problem // the program by itself, for names and messages
	now   *problem // the program with the claim that is looked at
	text  claimText

	decls  []*syntax.Decl // the variables of the program as understood
	result syntax.Expr    // what is differentiated
	defs   []*syntax.Definition
	own    []*syntax.Definition // those of the claim, so far
	moving []differential
	// partials are the derivatives ∂l/∂a that right-hand sides mention, as definitions.
	partials []*syntax.Definition
	out      *Verdict
}

// A differential is a name dX that the claim mentions, or that of the variable.
type differential struct {
	of   string
	decl *syntax.Decl
	def  bool // X is a definition of the program
}

func (v *verifier) fault(r any) error {
	if v.now != nil {
		return v.now.fault(r)
	}
	return v.first.fault(r)
}

// request is the question about the derivative.
func (v *verifier) request() *Request {
	r := &v.req
	req := &Request{Program: r.Program, File: r.File, Vars: r.Vars, Closed: r.Closed, Order: r.Order,
		Layout: r.Layout, Vec: r.Vec, Structured: r.Structured, NoNumPy: true, Limits: r.Limits}
	if r.Wrt != "" {
		req.Wrt = []string{r.Wrt}
	}
	req.defaults()
	return req
}

func (v *verifier) run() error {
	v.req.Limits.begin()
	req := v.request()
	if req.Order < 1 || req.Order > maxOrder {
		return plainError(say("the order must lie between 1 and %d, got %d", maxOrder, req.Order))
	}
	var err error
	if v.first, err = open(req); err != nil {
		return err
	}
	if len(req.Wrt) == 0 {
		if req.Wrt, err = v.first.onlyVariable("differentiate by"); err != nil {
			return err
		}
		v.req.Wrt = req.Wrt[0]
		if v.first, err = open(req); err != nil {
			return err
		}
	}
	if s := v.first.prog.Wrt[0]; s.Family == nil {
		v.req.Wrt = s.Name
	} else {
		v.req.Wrt = memberName(s)
	}
	v.text.file = source.NewFile(v.req.ClaimFile, v.req.Claim)
	if err := v.readClaims(); err != nil {
		return err
	}
	v.program()
	if err := v.parseAll(); err != nil {
		return err
	}
	for i := range v.text.claims {
		c := &v.text.claims[i]
		if c.kind == definitionClaim {
			if err := v.definition(c); err != nil {
				return err
			}
			continue
		}
		if err := v.claim(c); err != nil {
			return err
		}
		if !v.out.Equal {
			return nil
		}
	}
	if v.out.Result == nil {
		return v.text.fail(v.text.claims[0].rhs, say("the lines define names and claim nothing"), say("add a line such as ∂%s/∂%s = …", v.name(), v.req.Wrt))
	}
	return nil
}

// spellDifferential writes the variables that stand for differentials in LaTeX with an
// upright d.
func (p *problem) spellDifferential(s *expr.Symbol, _ *expr.Index, latex bool) (text string, tight, ok bool) {
	if latex && s.Family == nil {
		for _, d := range p.moving {
			if "d"+d.of == s.Name {
				return `\mathrm{d}` + print.LaTeXName(d.of), true, true
			}
		}
	}
	return "", false, false
}

// formula writes a node with its left-hand side.
func (p *problem) formula(n *expr.Node, symbol string) Formula {
	body := *p.po
	body.Expand = true
	f := Formula{Symbol: symbol, Text: print.Text(n, &body).String(), Language: print.Language(n, &body).String(),
		Shape: shapeString(n.Shape)}
	if len(p.moving) > 0 {
		body.Spell = p.spellDifferential
	}
	f.LaTeX = print.LaTeX(n, &body).String()
	if isName(symbol) {
		f.SymbolLaTeX = print.LaTeXName(symbol)
	}
	return f
}

// claim verifies one claim and fills in the verdict.
func (v *verifier) claim(c *claim) error {
	var q *question
	var err error
	switch c.kind {
	case derivativeClaim:
		q, err = v.derivative(c)
	case differentialClaim, vecClaim:
		q, err = v.differential(c)
	case valueClaim:
		q, err = v.value(c)
	}
	if err != nil {
		return err
	}
	return v.judge(c, q)
}

// given takes the hidden names out of what was understood and puts in what was
// inferred.
func (v *verifier) given(r *Result) {
	var kept []Variable
	for _, x := range r.Variables {
		v.req.Limits.budget.Step(len(v.moving) + len(v.first.prog.Vars)/4)
		name, _, _ := strings.Cut(x.Name, "[")
		if slices.ContainsFunc(v.moving, func(d differential) bool { return "d"+d.of == name }) {
			continue
		}
		for _, f := range v.first.prog.Vars {
			if f.Symbol.Name == name {
				x.Inferred, x.Unused = f.Inferred, !f.Occurs
			}
		}
		kept = append(kept, x)
	}
	notes := v.first.prog.Notes
	r.Variables, r.Notes, r.NotesZH = kept, message.English(notes), message.Chinese(notes)
}
