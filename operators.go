package nabla

import (
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
)

// An Operator is what the reference says of one operator of the language; all
// of it comes from the operator's row.
type Operator struct {
	Name    string   // canonical name
	Usage   string   // as called: "kron(X, Y)", "X ⊙ Y", "eye(n)"
	Aliases []string // further spellings
	Family  string   // heading in the reference: "elementwise", "products", …
	Doc     string   // one sentence, with the formula
	// Shapes are those of operands and result, such as "m × n, n × p → m × p";
	// empty where the sentence says it all.
	Shapes string
	// Definition is the meaning in terms of other operators, or empty.
	Definition string
	// Differential is dF in terms of the differentials of the operands, in the
	// language, or empty where the product rule is all there is to say.
	Differential string
	// Domain says where the operator is defined or differentiable, or is empty.
	Domain   string
	Examples []string // expressions that may be differentiated
}

// Is reports whether name is one of the spellings of o.
func (o *Operator) Is(name string) bool {
	if o.Name == name || strings.HasPrefix(o.Usage, name+"(") {
		return true
	}
	for _, a := range o.Aliases {
		if a == name {
			return true
		}
	}
	return false
}

// Operators returns the operators that a program can use, in the order of the
// reference.
func Operators() []Operator {
	var list []Operator // without numbers, names and the like, which are no operations
	for _, op := range ops.Registry().Ops() {
		if op.Usage != "" || op.Overload != "-" {
			list = append(list, describe(op))
		}
	}
	return list
}

// domains are the words for the domains of rows.
var domains = map[string]string{
	"positive": "entries > 0", "nonzero": "entries ≠ 0", "unit": "entries between −1 and 1",
	"above1": "entries > 1", "invertible": "invertible matrices",
	"posdet": "matrices of positive determinant", "fullrank": "matrices of full rank",
}

func describe(op *expr.Op) Operator {
	o := Operator{
		Name: op.Name, Usage: op.Usage, Aliases: op.Aliases, Family: op.Family, Doc: op.Doc,
		Definition: op.Definition, Differential: op.Differential, Domain: domains[op.Domain],
		Examples: op.Examples,
	}
	if o.Usage == "" {
		name := op.Name
		if op.Overload != "" && op.Overload != "-" {
			name = op.Overload
		}
		args := append(append([]string(nil), op.Params...), op.Sizes...)
		for i, a := range args {
			args[i] = strings.TrimSuffix(a, "?")
		}
		o.Usage = name
		if len(args) > 0 {
			o.Usage += "(" + strings.Join(args, ", ") + ")"
		}
	}
	if op.Kink {
		if o.Domain != "" {
			o.Domain += "; "
		}
		o.Domain += "differentiable where the entries are not at a kink"
	}
	if op.Signature() != nil {
		o.Shapes = shapes(op.Sig)
	}
	return o
}

// shapes writes a signature such as "i|j, j|k -> i|k" as "i × j, j × k → i × k".
func shapes(sig string) string {
	args, result, _ := strings.Cut(sig, "->")
	var b strings.Builder
	for i, a := range strings.Split(args, ",") {
		if a = strings.TrimSpace(a); a == "" {
			continue
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(shapeText(a))
	}
	if b.Len() > 0 {
		b.WriteString(" → ")
	}
	b.WriteString(shapeText(strings.TrimSpace(result)))
	return b.String()
}

// shapeText writes the axes "ik|j" as "ik × j"; a missing axis is 1.
func shapeText(axes string) string {
	rows, cols, _ := strings.Cut(axes, "|")
	rows, cols = product(rows), product(cols)
	switch {
	case rows == "1" && cols == "1":
		return "scalar"
	case cols == "1":
		return "vector(" + rows + ")"
	}
	return rows + " × " + cols
}

// product writes the letters of an axis as the product of their sizes.
func product(letters string) string {
	return strings.Join(strings.Split(letters, ""), "·")
}
