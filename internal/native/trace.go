package native

import (
	"math"

	"example.com/nabla/internal/plan"
)

// traced adds to the step of a task that its results are looked at. Since every step
// before it was looked at as well, the first that has NaN or infinity has it from
// operands that have none.
func (r *region) traced(t *task) {
	run := t.step
	var nodes []*node
	var slots []int
	for _, n := range t.stay {
		if n.kind == plan.LU || n.kind == plan.Cholesky || r.adds(n) && n.kind == plan.LogSumExp {
			continue
		}
		nodes, slots = append(nodes, n), append(slots, r.slots[n])
	}
	t.step = func(w *worker) error {
		if err := run(w); err != nil {
			return err
		}
		for i, s := range slots {
			if err := w.finite(nodes[i].v, s, true); err != nil {
				return err
			}
		}
		return nil
	}
}

// finite returns an error if the memory of a slot has NaN or infinity.
func (w *worker) finite(v *plan.Value, slot int, arises bool) error {
	m := w.mats[slot]
	for i := range m.rows {
		for j, x := range m.data[i*m.ld:][:m.cols] {
			if x-x == 0 {
				continue
			}
			e := &NotFiniteError{Value: v, Text: w.text(v), What: "infinity", Row: i + 1, Col: j + 1, Given: !arises}
			if math.IsNaN(x) {
				e.What = "NaN"
			}
			switch w.memory.program.slots[slot].axis {
			case 0:
				e.Row += w.from
			case 1:
				e.Col += w.from
			}
			return e
		}
	}
	return nil
}

// checkArguments returns an error if an argument that is in memory has NaN or infinity.
func (s *memory) checkArguments() error {
	for i := range s.program.params {
		q := &s.program.params[i]
		if q.slot < 0 || s.sources[q.slot] != nil {
			continue
		}
		if err := s.main.finite(s.program.slots[q.slot].n.v, q.slot, false); err != nil {
			return err
		}
	}
	return nil
}
