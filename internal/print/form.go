package print

import (
	"strings"

	"example.com/nabla/internal/expr"
)

// pattern returns the form of an operator in the notation. The language has
// none of its own: there every operator is called by its name.
func (w *writer) pattern(op *expr.Op) *expr.Form {
	colon := w.options.Colon
	switch {
	case w.latex && colon && op.ColonLaTeX.Pattern != "":
		return &op.ColonLaTeX
	case w.latex:
		return &op.LaTeX
	case w.paper && colon && op.ColonText.Pattern != "":
		return &op.ColonText
	case w.paper:
		return &op.Text
	}
	return &callForm
}

var callForm = expr.Form{Level: levelAtom}

// form writes n by its operator's row. See expr.Form for the pattern.
func (w *writer) form(n *expr.Node, min int) {
	f := w.pattern(n.Op)
	if f.Pattern == "" {
		if f != &callForm {
			panic("print: operator " + n.Op.Name + " has no printed form")
		}
		name := n.Op.Overload
		if name == "" {
			name = n.Op.Name
		}
		w.str(name)
		if len(n.Args) > 0 || len(n.Sizes) > 0 {
			w.callArguments(n)
		}
		return
	}
	p := f.Pattern
	bars := w.paper && strings.HasPrefix(p, "‖")
	b := w.open(f.Level < min || bars && w.bars)
	outer := w.bars
	w.bars = w.bars || bars
	for p != "" {
		i := strings.IndexAny(p, "$%")
		if i < 0 || i+1 == len(p) {
			w.literal(p)
			break
		}
		// A round bracket directly around all operands grows with them.
		if i > 0 && p[i-1] == '(' && p[i+1] == '*' && strings.HasPrefix(p[i+2:], ")") {
			w.literal(p[:i-1])
			w.callArguments(n)
			p = p[i+3:]
			continue
		}
		w.literal(p[:i])
		switch c := p[i+1]; {
		case p[i] == '%' && c == 'k':
			w.digits(appendInt(nil, n.Order))
		case p[i] == '%':
			w.sizeArgument(n.Sizes[c-'1'])
		case c == '*':
			for k, a := range n.Args {
				if k > 0 {
					w.str(", ")
				}
				w.node(a, levelSum)
			}
		case c == '#': // 2 for a vector, F for a matrix
			if n.Args[0].Shape.IsMatrix() {
				w.str("F")
			} else {
				w.str("2")
			}
		default:
			k := int(c - '1')
			a := n.Args[k]
			arg := f.Arg
			if f.Level == levelProduct && a.Op == n.Op && w.unnamed(a) {
				arg = levelProduct // kron and khatrirao are associative
			} else if arg == levelProduct && (w.productLike(a) || k > 0 && w.negative(a)) {
				arg = levelPostfix // A : (B ⊙ C), A : (−B)
			}
			w.node(a, arg)
		}
		p = p[i+2:]
	}
	w.bars = outer
	w.close(b)
}

func (w *writer) unnamed(n *expr.Node) bool {
	_, ok := w.named(n)
	return !ok
}

// literal writes a fixed part of a form.
func (w *writer) literal(s string) {
	if s == "" {
		return
	}
	w.str(s)
	if w.paper {
		for _, c := range []byte(s) {
			if c >= 0x80 {
				w.paperOps = true
			}
		}
	}
}

// callArguments writes the operands and sizes of n in brackets. A size that is
// optional and one is left out.
func (w *writer) callArguments(n *expr.Node) {
	sizes := n.Sizes
	if k := len(sizes); k > 1 && k == len(n.Op.Sizes) && strings.HasSuffix(n.Op.Sizes[k-1], "?") && sizes[k-1].IsOne() {
		sizes = sizes[:k-1]
	}
	if n.Op.IntArg && n.Order > 0 {
		w.str("(")
		for _, d := range sizes[:1] {
			w.sizeArgument(d)
			w.str(", ")
		}
		w.digits(appendInt(nil, n.Order))
		w.str(")")
		return
	}
	w.arguments(n.Args, sizes)
}
