package code

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/limit"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/syntax"
)

// Names gives the identifiers of one function, each once. Variables and sizes come
// first, in the program's order, so that their names do not depend on what else is
// written.
type Names struct {
	taken     map[string]bool
	reserved  map[string]bool
	symbols   map[*expr.Symbol]string
	sizes     map[*expr.SizeName]string
	indices   map[*expr.Index]string
	functions map[functionKey]string
	members   map[memberKey]string
	language  *Language
	temps     int
	limit     *limit.Budget

	program *plan.Program
	values  []*plan.Value // of the program, once they are needed
	named   []*expr.Index // that have a name, in order
}

type functionKey struct {
	sym   *expr.Symbol
	order int
}

type memberKey struct {
	sym   *expr.Symbol
	index *expr.Index
}

func newNames(l *Language, p *plan.Program) *Names {
	n := &Names{taken: map[string]bool{}, reserved: l.Reserved, symbols: map[*expr.Symbol]string{},
		sizes: map[*expr.SizeName]string{}, indices: map[*expr.Index]string{}, functions: map[functionKey]string{}, members: map[memberKey]string{}, language: l, program: p}
	n.taken[p.Name] = true
	n.limit = p.Builder.Limit
	for _, q := range p.Params {
		if q.Sym != nil {
			n.Symbol(q.Sym)
		}
		for _, k := range q.Orders {
			n.Function(q.Sym, k)
		}
	}
	for _, d := range p.Sizes {
		n.Size(d.Size)
	}
	for _, q := range p.Params {
		if q.Size != nil {
			n.Size(q.Size)
		}
	}
	return n
}

// Fresh returns name, with _ after it until nothing else has it.
func (n *Names) Fresh(name string) string {
	for n.taken[name] || n.reserved[name] {
		name += "_"
	}
	n.taken[name] = true
	return name
}

func (n *Names) temporary() string {
	for {
		n.temps++
		name := "t" + strconv.Itoa(n.temps)
		if !n.taken[name] && !n.reserved[name] {
			n.taken[name] = true
			return name
		}
	}
}

// numbered returns stem, stem2, stem3, … until nothing else has it.
func (n *Names) numbered(stem string) string {
	name := stem
	for k := 2; n.taken[name] || n.reserved[name]; k++ {
		name = stem + strconv.Itoa(k)
	}
	n.taken[name] = true
	return name
}

// Symbol names a variable.
func (n *Names) Symbol(s *expr.Symbol) string {
	if name, ok := n.symbols[s]; ok {
		return name
	}
	name := n.Fresh(n.language.Identifier(s.Name))
	n.symbols[s] = name
	return name
}

// Function names a derivative of an unknown function: sigma, dsigma, d2sigma, ….
func (n *Names) Function(s *expr.Symbol, order int) string {
	k := functionKey{s, order}
	if name, ok := n.functions[k]; ok {
		return name
	}
	name := n.Symbol(s)
	switch order {
	case 0:
	case 1:
		name = n.Fresh("d" + name)
	default:
		name = n.Fresh("d" + strconv.Itoa(order) + name)
	}
	n.functions[k] = name
	return name
}

// Size names a size: by the integer variable that has its value, if there is one.
func (n *Names) Size(s *expr.SizeName) string {
	if name, ok := n.sizes[s]; ok {
		return name
	}
	n.limit.Step(len(n.symbols))
	for sym, name := range n.symbols {
		if sym.Name == s.Name && sym.Kind == expr.Scalar && sym.Facts.Has(expr.Integer) {
			n.sizes[s] = name
			return name
		}
	}
	name := n.Fresh(n.language.Identifier(s.Name))
	n.sizes[s] = name
	return name
}

// Index names a loop index. Indices of one name have it together where no loop is within
// the other.
func (n *Names) Index(i *expr.Index) string {
	if name, ok := n.indices[i]; ok {
		return name
	}
	name := ""
	for _, j := range n.named {
		switch {
		case j.Name != i.Name || j.Size != i.Size:
		case n.together(i, j):
			name = ""
		case name == "":
			name = n.indices[j]
		}
	}
	if name == "" {
		name = n.Fresh(n.language.Identifier(i.Name))
	}
	n.indices[i] = name
	n.named = append(n.named, i)
	return name
}

// together reports whether a value depends on both indices.
func (n *Names) together(i, j *expr.Index) bool {
	if n.values == nil {
		var roots []*plan.Value
		for _, r := range n.program.Results {
			roots = append(roots, r.Value)
		}
		n.values = plan.Schedule(roots)
	}
	both := plan.LoopBit(i) | plan.LoopBit(j)
	n.limit.Step(len(n.values))
	return plan.LoopBit(i) == plan.LoopBit(j) || slices.ContainsFunc(n.values, func(v *plan.Value) bool { return v.Loops&both == both })
}

// Member names a member of a family in a function of its own: A_i.
func (n *Names) Member(s *expr.Symbol, i *expr.Index) string {
	k := memberKey{s, i}
	name, ok := n.members[k]
	if !ok {
		name = n.Fresh(n.Symbol(s) + "_" + n.Index(i))
		n.members[k] = name
	}
	return name
}

// words makes a set of the words in a text.
func words(text string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(text) {
		m[w] = true
	}
	return m
}

// greek spells letters for languages whose identifiers are ASCII.
var greek = map[rune]string{'α': "alpha", 'β': "beta", 'γ': "gamma", 'δ': "delta", 'ε': "epsilon", 'ζ': "zeta",
	'η': "eta", 'θ': "theta", 'ι': "iota", 'κ': "kappa", 'λ': "lambda", 'μ': "mu", 'ν': "nu", 'ξ': "xi", 'ο': "omicron",
	'π': "pi", 'ρ': "rho", 'σ': "sigma", 'ς': "sigma", 'τ': "tau", 'υ': "upsilon", 'φ': "phi", 'ϕ': "phi", 'χ': "chi", 'ψ': "psi",
	'ω': "omega", 'Α': "Alpha", 'Β': "Beta", 'Γ': "Gamma", 'Δ': "Delta", 'Ε': "Epsilon", 'Ζ': "Zeta", 'Η': "Eta",
	'Θ': "Theta", 'Ι': "Iota", 'Κ': "Kappa", 'Λ': "Lambda", 'Μ': "Mu", 'Ν': "Nu", 'Ξ': "Xi", 'Ο': "Omicron", 'Π': "Pi",
	'Ρ': "Rho", 'Σ': "Sigma", 'Τ': "Tau", 'Υ': "Upsilon", 'Φ': "Phi", 'Χ': "Chi", 'Ψ': "Psi", 'Ω': "Omega", 'ℓ': "ell"}

// unicodeIdentifier turns a name into an identifier of a language that allows letters
// of all scripts, but no subscripts and primes.
func unicodeIdentifier(name string) string { return identifier(name, false) }

// asciiIdentifier turns a name into an identifier of ASCII letters, digits and _,
// beginning with a letter: σ is sigma, other letters are written by their numbers.
func asciiIdentifier(name string) string { return identifier(name, true) }

func identifier(name string, ascii bool) string {
	var b strings.Builder
	for _, r := range name {
		switch {
		case r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_'):
			b.WriteRune(r)
		case r == '′' || r == '\'':
			b.WriteString("_prime")
		case r == '{' || r == '}':
		case r >= 0x2080 && r <= 0x2089:
			b.WriteByte(byte('0' + r - 0x2080))
		case r >= 0x1D62 && r <= 0x1D6A || r >= 0x2090 && r <= 0x209C || r == 0x2C7C:
			_, sub, _ := syntax.SplitSubscript("x" + string(r))
			b.WriteString("_" + identifier(sub, ascii))
		case ascii && greek[r] != "":
			b.WriteString(greek[r])
		case ascii && unicode.Is(unicode.Mn, r):
			b.WriteString(map[rune]string{0x302: "_hat", 0x304: "_bar", 0x303: "_tilde", 0x307: "_dot"}[r])
		case ascii:
			b.WriteString("u" + strconv.FormatInt(int64(r), 16))
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r):
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	s := b.String()
	if ascii && (s == "" || !unicode.IsLetter(rune(s[0]))) {
		s = "v" + s
	}
	return s
}
