package print

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/syntax"
)

// pyReserved are the words that a variable cannot be called by in the source.
var pyReserved = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`False None True and as assert async await break class continue def del elif else
		except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield
		float int len range round _sigmoid _erf _erfc _adjugate _softmax _logsumexp`) {
		m[w] = true
	}
	return m
}()

// pyNames gives Python names, each once.
type pyNames struct {
	module    string // NumPy's name, np unless a variable has that
	symbols   []string
	sizes     map[*expr.SizeName]string
	functions map[string]string
	indices   map[*expr.Index]string
	taken     map[string]bool
}

// newPyNames names the variables and sizes of the program in their order, so that
// a name does not depend on which of them occur.
func newPyNames(b *expr.Builder) *pyNames {
	p := &pyNames{module: "np", sizes: map[*expr.SizeName]string{}, functions: map[string]string{},
		indices: map[*expr.Index]string{}, taken: map[string]bool{}}
	for _, s := range b.Symbols() {
		p.symbols = append(p.symbols, p.fresh(pyIdentifier(s.Name)))
	}
	var sizes []*expr.SizeName
	for _, d := range b.Dims() {
		sizes = d.Names(sizes)
	}
	slices.SortFunc(sizes, func(a, b *expr.SizeName) int { return a.Ordinal - b.Ordinal })
	for _, s := range sizes {
		if c := counts(b, s); c != nil {
			p.sizes[s] = p.symbol(c)
			continue
		}
		p.sizes[s] = p.fresh(pyIdentifier(s.Name))
	}
	for p.taken[p.module] {
		p.module = "_" + p.module
	}
	p.taken[p.module] = true
	return p
}

// counts returns the integer scalar that a size is the value of, or nil.
func counts(b *expr.Builder, n *expr.SizeName) *expr.Symbol {
	for _, s := range b.Symbols() {
		if s.Name == n.Name && s.Kind == expr.Scalar && s.Facts.Has(expr.Integer) {
			return s
		}
	}
	return nil
}

// fresh returns name, with _ after it until nothing else has it.
func (p *pyNames) fresh(name string) string {
	for p.taken[name] || pyReserved[name] {
		name += "_"
	}
	p.taken[name] = true
	return name
}

func (p *pyNames) symbol(s *expr.Symbol) string { return p.symbols[s.Ordinal] }

// function names a derivative of an unknown function: dsigma, d2sigma.
func (p *pyNames) function(s *expr.Symbol, order int) string {
	name := p.symbol(s)
	switch order {
	case 0:
		return name
	case 1:
		name = "d" + name
	default:
		name = "d" + strconv.Itoa(order) + name
	}
	if f, ok := p.functions[name]; ok {
		return f
	}
	f := p.fresh(name)
	p.functions[name] = f
	return f
}

func (p *pyNames) index(i *expr.Index) string {
	if s, ok := p.indices[i]; ok {
		return s
	}
	s := p.fresh(pyIdentifier(i.Name))
	p.indices[i] = s
	return s
}

// pyIdentifier turns a name of the language into an identifier of Python, which
// has no subscripts and primes.
func pyIdentifier(name string) string {
	ascii := true
	for i := range len(name) {
		ascii = ascii && name[i] < 0x80 && name[i] != '{' && name[i] != '}'
	}
	if ascii {
		return name
	}
	var b strings.Builder
	for _, r := range name {
		switch {
		case r == '′':
			b.WriteString("_prime")
		case r == '{' || r == '}':
		case r >= 0x2080 && r <= 0x2089:
			b.WriteByte(byte('0' + r - 0x2080))
		case r >= 0x1D62 && r <= 0x1D6A || r >= 0x2090 && r <= 0x209C || r == 0x2C7C:
			// Python would read a subscript letter as the plain one.
			_, sub, _ := syntax.SplitSubscript("x" + string(r))
			b.WriteString("_" + sub)
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || unicode.Is(unicode.Mn, r):
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	return b.String()
}
