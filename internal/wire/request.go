package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"example.com/nabla"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/paper"
)

// A Problem is what every method on a program is asked with.
type Problem struct {
	Expr       string       `json:"expr"`           // the program; its last expression is meant
	From       string       `json:"from,omitempty"` // latex where it is LaTeX
	Vars       Declarations `json:"vars,omitempty"`
	Closed     bool         `json:"closed,omitempty"` // an undeclared name is an error
	Wrt        Names        `json:"wrt,omitempty"`    // variables; may be left out where there is one
	Order      int          `json:"order,omitempty"`  // 0 means 1
	Mixed      bool         `json:"mixed,omitempty"`  // by the first variable, then by the next
	Layout     string       `json:"layout,omitempty"` // denominator or numerator
	Vec        string       `json:"vec,omitempty"`    // columns or rows
	Structured bool         `json:"structured,omitempty"`
	Constraint string       `json:"constraint,omitempty"`
	NoCheck    bool         `json:"no_check,omitempty"`
}

// A DiffRequest is the request of diff and inspect.
type DiffRequest struct {
	Problem
	Show []string `json:"show,omitempty"` // ast, dag, index, trace
}

// A DeriveRequest is the request of derive.
type DeriveRequest struct {
	Problem
	Style     string   `json:"style,omitempty"`  // trace or colon
	Detail    string   `json:"detail,omitempty"` // full or brief
	Shapes    bool     `json:"shapes,omitempty"`
	Expand    bool     `json:"expand,omitempty"`
	As        string   `json:"as,omitempty"` // sum or matrix
	Entry     []string `json:"entry,omitempty"`
	Instance  bool     `json:"instance,omitempty"`
	Lang      string   `json:"lang,omitempty"`      // of the documents: en or zh
	Documents []string `json:"documents,omitempty"` // text, markdown, latex
}

// A VerifyRequest is the request of verify.
type VerifyRequest struct {
	Problem
	Claim     string `json:"claim"`
	ClaimFrom string `json:"claim_from,omitempty"` // latex where the claim alone is LaTeX
}

// A SolveRequest is the request of solve; wrt are the variables to solve for.
type SolveRequest struct {
	Problem
	SubjectTo []string `json:"subject_to,omitempty"`
}

// A ConvexRequest is the request of convex.
type ConvexRequest struct {
	Problem
}

// A GenRequest is the request of gen.
type GenRequest struct {
	Problem
	Lang       string         `json:"lang,omitempty"` // numpy if empty
	What       []string       `json:"what,omitempty"`
	Name       string         `json:"name,omitempty"`
	Sizes      map[string]int `json:"sizes,omitempty"`
	Compressed bool           `json:"compressed,omitempty"`
	Shard      string         `json:"shard,omitempty"`
}

// Declarations are the members of a JSON object of strings, in order.
type Declarations []nabla.Declaration

// UnmarshalJSON keeps the order and refuses a name that stands twice.
func (d *Declarations) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return message.Errorf("vars is an object of declarations")
	}
	seen := map[string]bool{}
	*d = Declarations{}
	for dec.More() {
		key, _ := dec.Token() // data is valid JSON, and keys are strings
		name := key.(string)
		value, _ := dec.Token()
		decl, ok := value.(string)
		if !ok {
			return message.Errorf("vars: the declaration of %s is a string such as \"matrix(m, n)\"", name)
		}
		if seen[name] {
			return message.Errorf("vars: %s is declared twice", name)
		}
		seen[name] = true
		*d = append(*d, nabla.Declaration{Name: name, Decl: decl})
	}
	return nil
}

// MarshalJSON writes the object.
func (d Declarations) MarshalJSON() ([]byte, error) {
	m := map[string]string{}
	for _, v := range d {
		m[v.Name] = v.Decl
	}
	return json.Marshal(m)
}

// Names is a string or a list of strings.
type Names []string

// UnmarshalJSON accepts both forms.
func (n *Names) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*n = Names{one}
		return nil
	}
	var list []string
	if json.Unmarshal(data, &list) != nil {
		return message.Errorf("wrt is a name or a list of names")
	}
	*n = list
	return nil
}

// A choice is a field that takes one of a few words.
type choice struct {
	field, value string
	of           []string
}

// choose refuses a word that is not among the choices; nothing said is the first.
func choose(choices ...choice) error {
	for _, c := range choices {
		if c.value != "" && !slices.Contains(c.of, c.value) {
			return malformed(1, "%s is %s, found %q", c.field, message.OneOf(c.of), c.value)
		}
	}
	return nil
}

// Words that fields take; the first is meant where nothing is said.
var (
	layouts   = []string{string(nabla.Denominator), string(nabla.Numerator)}
	vecs      = []string{string(nabla.Columns), string(nabla.Rows)}
	notations = []string{"language", string(nabla.LaTeXNotation)}
	langs     = []string{"en", "zh"}
	documents = []string{"text", "markdown", "latex"}
)

// notation is the notation of a field that says what a text is written in.
func notation(from string) nabla.Notation {
	if from == notations[1] {
		return nabla.LaTeXNotation
	}
	return nabla.LanguageNotation
}

// request is the problem as the public package takes it.
func (p *Problem) request(ctx context.Context) (nabla.Request, error) {
	if p.Order < 0 {
		return nabla.Request{}, malformed(1, "order is 1 or more, found %d", p.Order)
	}
	err := choose(choice{"layout", p.Layout, layouts}, choice{"vec", p.Vec, vecs}, choice{"from", p.From, notations})
	return nabla.Request{
		Program: p.Expr, Notation: notation(p.From), Vars: p.Vars, Closed: p.Closed, Wrt: p.Wrt, Mixed: p.Mixed, Order: p.Order,
		Layout: nabla.Layout(p.Layout), Vec: nabla.VecOrder(p.Vec), Structured: p.Structured, Constraint: p.Constraint,
		NoCheck: p.NoCheck, Limits: limits(ctx),
	}, err
}

func diff(ctx context.Context, q *DiffRequest) (*Result, error) {
	req, err := q.request(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range q.Show {
		if err := choose(choice{"show", s, []string{"ast", "dag", "index", "trace"}}); err != nil {
			return nil, err
		}
	}
	req.Show = q.Show
	res, err := nabla.Differentiate(req)
	if err != nil {
		return nil, err
	}
	return NewResult(res), nil
}

// A Derivation is the answer of derive.
type Derivation struct {
	Paper     *paper.Paper      `json:"paper"`
	Documents map[string]string `json:"documents,omitempty"` // as asked for
	Result    *Result           `json:"result"`
	Seconds   float64           `json:"seconds"`
}

func derive(ctx context.Context, q *DeriveRequest) (*Derivation, error) {
	req, err := q.request(ctx)
	if err != nil {
		return nil, err
	}
	err = choose(choice{"style", q.Style, []string{"trace", "colon"}}, choice{"detail", q.Detail, []string{"full", "brief"}},
		choice{"as", q.As, []string{string(nabla.AsSum), string(nabla.AsMatrix)}}, choice{"lang", q.Lang, langs})
	if err != nil {
		return nil, err
	}
	if q.Order > 2 {
		return nil, malformed(1, "order is 1 or 2, found %d", q.Order)
	}
	d, err := nabla.Derive(nabla.DeriveRequest{Request: req, Colon: q.Style == "colon", Brief: q.Detail == "brief", Expand: q.Expand,
		Shapes: q.Shapes, As: nabla.SampleForm(q.As), Instance: q.Instance, Entry: q.Entry})
	if err != nil {
		return nil, err
	}
	out := &Derivation{Paper: d.Paper, Result: NewResult(d.Result), Seconds: d.Seconds}
	opts := paper.Options{Lang: paper.Lang(q.Lang), Shapes: q.Shapes}
	for _, name := range q.Documents {
		if err := choose(choice{"documents", name, documents}); err != nil {
			return nil, err
		}
		if out.Documents == nil {
			out.Documents = map[string]string{}
		}
		switch name {
		case "text":
			out.Documents[name] = d.Text(opts)
		case "markdown":
			out.Documents[name] = d.Markdown(opts)
		case "latex":
			out.Documents[name] = d.LaTeX(opts)
		}
	}
	return out, nil
}

func verify(ctx context.Context, q *VerifyRequest) (*Verdict, error) {
	req, err := q.request(ctx)
	if err != nil {
		return nil, err
	}
	if len(q.Wrt) > 1 {
		return nil, malformed(1, "verify takes one variable, found %d", len(q.Wrt))
	}
	if err := choose(choice{"claim_from", q.ClaimFrom, notations}); err != nil {
		return nil, err
	}
	v, err := nabla.Verify(nabla.VerifyRequest{Program: req.Program, Notation: req.Notation, ClaimNotation: notation(q.ClaimFrom), Vars: req.Vars, Closed: req.Closed, Wrt: strings.Join(q.Wrt, ""),
		Order: req.Order, Layout: req.Layout, Vec: req.Vec, Structured: req.Structured, Claim: q.Claim, Limits: req.Limits})
	if err != nil {
		return nil, err
	}
	return NewVerdict(v), nil
}

func solve(ctx context.Context, q *SolveRequest) (*Solution, error) {
	req, err := q.request(ctx)
	if err != nil {
		return nil, err
	}
	s, err := nabla.Solve(nabla.SolveRequest{Program: req.Program, Notation: req.Notation, Vars: req.Vars, Closed: req.Closed, For: req.Wrt,
		SubjectTo: q.SubjectTo, Layout: req.Layout, Limits: req.Limits})
	if err != nil {
		return nil, err
	}
	out := NewSolution(s)
	out.Paper = s.Paper
	return out, nil
}

func convex(ctx context.Context, q *ConvexRequest) (*Curvature, error) {
	req, err := q.request(ctx)
	if err != nil {
		return nil, err
	}
	rep, err := nabla.Curvature(nabla.ConvexRequest{Program: req.Program, Notation: req.Notation, Vars: req.Vars, Closed: req.Closed, Wrt: req.Wrt, Limits: req.Limits})
	if err != nil {
		return nil, err
	}
	return NewCurvature(rep), nil
}

// Source is the answer of gen; the first file has the function.
type Source struct {
	Files []File `json:"files"`
}

// A File is a file of generated source.
type File struct {
	Name   string `json:"name"`
	Source string `json:"source"`
}

func gen(ctx context.Context, q *GenRequest) (*Source, error) {
	req, err := q.request(ctx)
	if err != nil {
		return nil, err
	}
	g := nabla.GenerateRequest{Language: q.Lang, Shard: q.Shard}
	if g.Language == "" {
		g.Language = "numpy"
	}
	g.Request, g.Name, g.Sizes, g.Compressed = req, q.Name, q.Sizes, q.Compressed
	var words []string
	for _, w := range nabla.Whats {
		words = append(words, string(w))
	}
	for _, w := range q.What {
		if err := choose(choice{"what", w, words}); err != nil {
			return nil, err
		}
		g.What = append(g.What, nabla.What(w))
	}
	for name, n := range q.Sizes {
		if n < 1 {
			return nil, malformed(1, "a size is 1 or more, found %s = %d", name, n)
		}
	}
	files, err := nabla.Generate(g)
	if err != nil {
		return nil, err
	}
	out := &Source{Files: []File{}}
	for _, f := range files {
		out.Files = append(out.Files, File{f.Name, f.Source})
	}
	return out, nil
}
