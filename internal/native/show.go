package native

import (
	"fmt"
	"strings"

	"example.com/nabla/internal/plan"
)

// A stage is what is listed of a pass or of what is computed as a whole.
type stage struct {
	pass  int // −1 for what is computed as a whole
	steps [][]*plan.Value
}

// list notes the steps of a region for Steps.
func (r *region) list(pass int) stage {
	s := stage{pass: pass}
	for _, t := range r.order {
		var values []*plan.Value
		for _, n := range t.nodes {
			values = append(values, n.v)
		}
		s.steps = append(s.steps, values)
	}
	return s
}

// Steps lists what is computed, a line for each step: values that are one loop are on
// one line.
func (m *Machine) Steps() string {
	var b strings.Builder
	for _, s := range m.p.stages {
		if s.pass < 0 {
			b.WriteString("as a whole:\n")
		} else {
			fmt.Fprintf(&b, "pass %d, blocks of %d of %d samples:\n", s.pass+1, m.p.block, m.p.samples)
		}
		for _, values := range s.steps {
			b.WriteString(" ")
			for i, v := range values {
				if i > 0 {
					b.WriteString("; ")
				} else {
					b.WriteString(" ")
				}
				b.WriteString(Formula(v))
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}
