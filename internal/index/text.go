package index

import (
	"strconv"
	"strings"
)

// String writes s in index notation for people who look inside: slots are i, j,
// k, …, summed indices a, b, c, …; a group is written in braces.
func (s *Sum) String() string {
	if len(s.Terms) == 0 {
		return "0"
	}
	var b strings.Builder
	for i := range s.Terms {
		s.Terms[i].write(&b, i == 0)
	}
	return b.String()
}

func (t *Term) write(b *strings.Builder, first bool) {
	c := t.Coef
	if !first {
		b.WriteString(map[bool]string{true: " - ", false: " + "}[c.Sign() < 0])
		c = c.Abs()
	}
	b.WriteString(c.String())
	name := t.names()
	for i, x := range t.Slot {
		for j := range i {
			if t.Slot[j] == x {
				b.WriteString(" δ[" + name[x] + "," + slotName(i) + "]")
				break
			}
		}
	}
	for _, f := range t.Factors {
		b.WriteByte(' ')
		b.WriteString(f.Atom.String())
		if len(f.Idx) > 0 {
			b.WriteByte('[')
			for i, x := range f.Idx {
				if i > 0 {
					b.WriteByte(',')
				}
				b.WriteString(name[x])
			}
			b.WriteByte(']')
		}
		if !f.Exp.IsOne() {
			b.WriteString("^" + f.Exp.String())
		}
	}
}

func slotName(i int) string {
	if i < 8 {
		return string(rune('i' + i))
	}
	return "i" + strconv.Itoa(i)
}

// names gives each class a letter.
func (t *Term) names() []string {
	names := make([]string, len(t.Dims))
	for i := len(t.Slot) - 1; i >= 0; i-- {
		names[t.Slot[i]] = slotName(i)
	}
	k := 0
	for c := range names {
		if names[c] == "" {
			if k < 8 {
				names[c] = string(rune('a' + k))
			} else {
				names[c] = "a" + strconv.Itoa(k)
			}
			k++
		}
	}
	return names
}

// String names the atom: X, exp{…}, {…} for a group.
func (a *Atom) String() string {
	switch a.Kind {
	case VarAtom:
		return a.Sym.Name
	case SizeAtom:
		return a.Size.Name
	case NumAtom:
		return a.Num.String()
	case TangentAtom:
		return "d" + strconv.Itoa(a.Order)
	case ConstAtom:
		return a.Op.Name
	case GroupAtom:
		return "{" + a.Args[0].String() + "}"
	}
	name := ""
	if a.Sym != nil {
		name = a.Sym.Name + strings.Repeat("′", a.Order)
	} else {
		name = a.Op.Name
	}
	parts := make([]string, len(a.Args))
	for i, s := range a.Args {
		parts[i] = s.String()
	}
	return name + "{" + strings.Join(parts, "; ") + "}"
}
