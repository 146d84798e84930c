package nabla

import (
	"slices"
	"time"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
)

// A GraphRequest asks for the graph of an expression. Of the Request it takes the
// program, the layout and NoCheck. Wrt are variables or defined names: nodes between
// them and the result are marked as Active; all nodes are without Wrt.
type GraphRequest struct {
	Request
	// Instance puts small numbers in: every node has a Value then, and so has every
	// adjoint.
	Instance bool
	// Flow leaves out each adjoint by itself and its check: adjoints are what they are
	// made of then, those of the nodes' consumers. A graph of more than 60 operations is
	// always made so, since time grows with the square otherwise. Where the result is no
	// scalar there are no such sums: Flow is not looked at, and a large graph has no adjoints.
	Flow bool
}

// A GraphKind says what a node is.
type GraphKind string

// The kinds of nodes.
const (
	GraphVariable  GraphKind = "variable"
	GraphConstant  GraphKind = "constant" // a variable declared constant or integer: nothing is differentiated by it
	GraphOperation GraphKind = "operation"
	GraphResult    GraphKind = "result"
)

// A GraphFormula is a formula in three notations.
type GraphFormula struct {
	Text     string `json:"text,omitempty"`
	LaTeX    string `json:"latex,omitempty"`
	Language string `json:"language,omitempty"`
}

// An ExpressionGraph is an expression as a graph: variables, one node for each
// operation that a person would write on a line of its own, and the result. Transposes,
// signs and factors that are numbers belong to the operation that uses them.
type ExpressionGraph struct {
	Name       string `json:"name"` // of the result
	Expression string `json:"expression"`
	Shape      string `json:"shape"`
	Layout     Layout `json:"layout"`
	// Nodes are in the order of computation, the result last.
	Nodes   []GraphNode `json:"nodes"`
	Notes   []string    `json:"notes,omitempty"`
	NotesZH []string    `json:"notes_zh,omitempty"`
	// Flow says that adjoints are written in terms of the adjoints of their consumers.
	Flow bool `json:"flow"`
	// Instance has the sizes and functions of the numbers; nil if not asked for.
	Instance *GraphInstance `json:"instance,omitempty"`
	// Seconds is the time from text to text, without checks.
	Seconds float64 `json:"seconds"`
}

// A GraphNode is one node. Formulas of a member of a family have its index.
type GraphNode struct {
	ID   int       `json:"id"` // its place in Nodes
	Kind GraphKind `json:"kind"`
	// Name is that of the program, or v1, v2, … where it has none; of a family with the
	// index, x[i].
	Name      string `json:"name"`
	NameLaTeX string `json:"name_latex"`
	Generated bool   `json:"generated,omitempty"` // the program has no name for it
	// Operator is a short sign for drawing: ·, +, ⊙, exp, ‖·‖².
	Operator string `json:"operator,omitempty"`
	// Formula is in terms of the operands' names, Expanded in terms of variables. Both
	// are empty for variables; Expanded is with Flow.
	Formula  GraphFormula `json:"formula,omitzero"`
	Expanded GraphFormula `json:"expanded,omitzero"`
	Shape    string       `json:"shape"`
	Dims     []string     `json:"dims"`            // sizes of the shape: none, one or two
	Index    string       `json:"index,omitempty"` // of a family's member
	Facts    []string     `json:"facts,omitempty"` // of a variable, as declared
	// Operands in the order of the formula, each once.
	Operands []GraphOperand `json:"operands,omitempty"`
	// Active says that the node lies between the result and what is asked for.
	Active  bool          `json:"active"`
	Adjoint *GraphAdjoint `json:"adjoint,omitempty"`
	// Reason says why there is no adjoint. Where the engine has no answer for one by itself
	// it is the sum of its contributions, if all of these have notation.
	Reason paper.Words `json:"reason,omitzero"`
	// Value has the node's numbers, for a family those of each member.
	Value []GraphValue `json:"value,omitempty"`
}

// A GraphOperand is an edge: what a node is computed of, and what it contributes to
// the operand's adjoint.
type GraphOperand struct {
	Node int `json:"node"` // its ID
	// Contribution is the part of the operand's adjoint that comes by this edge, in terms
	// of the adjoint of the node and of the names of its operands. Empty where the result
	// is no scalar.
	Contribution GraphFormula `json:"contribution,omitzero"`
	// Rules are those by which it comes about, the outermost first.
	Rules []paper.Note `json:"rules,omitempty"`
}

// A GraphAdjoint is the derivative of the result by a node: the node moves, what it is
// computed of does not, and what is computed of it follows.
type GraphAdjoint struct {
	Symbol      string `json:"symbol"` // ∂l/∂h
	SymbolLaTeX string `json:"symbol_latex"`
	// Formula is in terms of the node, of variables, and of names of the program.
	Formula GraphFormula `json:"formula"`
	// Expanded has what the node stands for put in. Empty where that is Formula.
	Expanded GraphFormula `json:"expanded,omitzero"`
	// Short is in terms of all names of nodes. Empty with Flow.
	Short GraphFormula `json:"short,omitzero"`
	// Local is the sum of the contributions of all consumers, in terms of their adjoints;
	// empty for the result and where that is no scalar.
	Local GraphFormula `json:"local,omitzero"`
	// Rules has one more rule where several contributions are added.
	Rules []paper.Note `json:"rules,omitempty"`
	// Where has names for parts of a long Formula; Line and LineLaTeX are Formula with them.
	Where         []GraphNamed `json:"where,omitempty"`
	Line          string       `json:"line,omitempty"`
	LineLaTeX     string       `json:"line_latex,omitempty"`
	Shape         string       `json:"shape"`
	Dims          []string     `json:"dims"`
	Form          Form         `json:"form,omitempty"`
	Identity      string       `json:"identity,omitempty"` // that defines the layout
	Zero          bool         `json:"zero,omitempty"`
	Remark        string       `json:"remark,omitempty"`
	RemarkZH      string       `json:"remark_zh,omitempty"`
	Assumptions   []string     `json:"assumptions,omitempty"`
	AssumptionsZH []string     `json:"assumptions_zh,omitempty"`
	Check         *GraphCheck  `json:"check,omitempty"` // nil if not asked for, or with Flow
	// Value has the numbers of the adjoint, for a family those of each member.
	Value []GraphValue `json:"value,omitempty"`
}

// A GraphNamed is a name for a part of a formula.
type GraphNamed struct {
	Name      string `json:"name"`
	NameLaTeX string `json:"name_latex"`
	Text      string `json:"text"`
	LaTeX     string `json:"latex,omitempty"`
}

// A GraphCheck is the record of the numeric check of an adjoint.
type GraphCheck struct {
	Points   int      `json:"points"`
	Sizes    []string `json:"sizes,omitempty"`
	MaxError float64  `json:"max_error"`
	Reason   string   `json:"reason,omitempty"` // why nothing could be checked
	ReasonZH string   `json:"reason_zh,omitempty"`
}

// GraphSizes is a size, or a variable that counts, with its number in an instance.
type GraphSize struct {
	Name  string `json:"name"`
	Value int    `json:"value"`
}

// A GraphInstance says what the numbers of an instance are of.
type GraphInstance struct {
	Sizes     []GraphSize    `json:"sizes"`
	Functions []GraphFormula `json:"functions,omitempty"` // what stands for unknown functions
	// Reason says why there are no numbers; empty where there are.
	Reason paper.Words `json:"reason,omitzero"`
}

// A GraphValue is a matrix of numbers as they are written: integers and fractions where
// they are such, else rounded to four digits.
type GraphValue struct {
	Rows  [][]string `json:"rows"`
	LaTeX string     `json:"latex"`
	Exact bool       `json:"exact"`
}

// graphOperations is the number of operations past which adjoints are written by
// their consumers alone.
const graphOperations = 60

// Graph returns the graph of an expression. Every adjoint has been compared with
// differences, unless NoCheck is set or adjoints are written by Flow.
func Graph(req GraphRequest) (eg *ExpressionGraph, err error) {
	if req.Notation != LanguageNotation {
		t, err := req.translate()
		if err != nil {
			return nil, err
		}
		if eg, err = Graph(req); err != nil {
			return nil, t.place(err)
		}
		eg.Notes, eg.NotesZH = t.remarks(eg.Notes, eg.NotesZH)
		return eg, nil
	}
	var p *problem
	defer func() {
		if r := recover(); r != nil {
			err = req.Limits.recovered(r, func(r any) error { return p.fault(r) })
		}
	}()
	begin := time.Now()
	asked := req.Wrt
	req.Wrt = nil // a defined name among them must stay a formula
	req.defaults()
	req.Order, req.Mixed, req.Structured, req.Constraint = 1, false, false, ""
	req.NoNumPy, req.TextOnly, req.Show = true, false, nil
	if p, err = open(&req.Request); err != nil {
		return nil, err
	}
	p.describe()
	g := newGrapher(p)
	if err := g.build(); err != nil {
		return nil, err
	}
	if err := g.activate(asked); err != nil {
		return nil, err
	}
	eg = &ExpressionGraph{Name: p.res.Name, Expression: p.res.Expression, Shape: p.res.Shape, Layout: req.Layout, Notes: p.res.Notes, NotesZH: p.res.NotesZH,
		Flow: req.Flow && p.prog.Result.Shape.IsScalar() || g.operations() > graphOperations}
	if !eg.Flow {
		// Variables first: what is written depends, in the order of factors, on what has
		// been written before.
		for _, variable := range []bool{true, false} {
			for _, n := range g.nodes {
				if variable != (n.node == nil) {
					continue
				}
				if err := g.adjoint(n); err != nil {
					return nil, err
				}
			}
		}
		g.short()
	}
	g.flow(eg.Flow)
	g.write(eg)
	eg.Seconds = (time.Since(begin) - g.checking).Seconds()
	if err := g.checkFlow(eg.Flow); err != nil {
		return nil, err
	}
	if req.Instance {
		if err := g.instance(eg); err != nil {
			return nil, err
		}
	}
	g.release()
	return eg, nil
}

// operations counts the nodes that are computed.
func (g *grapher) operations() int {
	k := 0
	for _, n := range g.nodes {
		if n.node != nil {
			k++
		}
	}
	return k
}

// activate marks what lies between the result and the names asked for.
func (g *grapher) activate(asked []string) error {
	reached := map[*gnode]bool{}
	for _, name := range asked {
		k := slices.IndexFunc(g.nodes, func(n *gnode) bool { return n.base == name || n.name() == name })
		if k < 0 {
			e := plainError(say("%s is no node of the graph", name))
			e.suggest(say("its nodes are %s", g.nameList()))
			return e
		}
		reached[g.nodes[k]] = true
	}
	for _, n := range g.nodes {
		n.active = len(asked) == 0 || reached[n] || slices.ContainsFunc(n.operands, func(o *gnode) bool { return o.active })
	}
	return nil
}

func (g *grapher) nameList() string {
	list := ""
	for i, n := range g.nodes {
		if i > 0 {
			list += ", "
		}
		list += n.name()
	}
	return list
}

// write puts the nodes into the answer.
func (g *grapher) write(eg *ExpressionGraph) {
	for _, n := range g.nodes {
		n.out.ID, n.out.Active = n.id, n.active
		n.out.Shape, n.out.Dims = shapeString(n.shape()), dimStrings(n.shape())
		if n.index != nil {
			n.out.Index = n.index.Name
		}
		for k, o := range n.operands {
			n.out.Operands[k].Node = o.id
		}
		eg.Nodes = append(eg.Nodes, n.out)
	}
}

func dimStrings(s expr.Shape) []string {
	out := []string{}
	for _, d := range []*expr.Dim{s.Rows, s.Cols} {
		if !d.IsOne() {
			out = append(out, d.String())
		}
	}
	return out
}
