package graphview

import "math"

// Font sizes in pixels.
const (
	labelSize = 15.0
	noteSize  = 11.0
	outerSize = 12.5
)

// ascii has the widths of the characters from space to tilde in DejaVu Sans, in
// hundredths of the size. It is wide among the fonts that the style sheet names, so
// that text in another one fits too.
var ascii = [95]uint8{32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 53,
	100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50,
	61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84}

// others has further characters by their width.
var others = func() map[rune]float64 {
	m := map[rune]float64{}
	for _, w := range []struct {
		width float64
		chars string
	}{
		{.20, "ⱼₗᵢ"}, {.25, "′⁽⁾"}, {.34, "·ι"}, {.40, "″ᵀ⟨⟩⌊⌋ₐ⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ₀₁₂₃₄₅₆₇₈₉ₙℓ"}, {.46, "ₚₖₓₛₜₕ"}, {.50, "‖"}, {.54, "∂⁺⁻₊₋εζ"},
		{.62, "νξΓυχγκλςπτδθΥₘϵϑ∘ΣηρσΞ"}, {.68, "√βμαφϕψ∇∑ΔΛ"}, {.80, "Π∏ΩℝΘΦΨℕ"}, {.88, "∞×÷±−⊙⊗⊘≤≥≠≈→←ω∈"}, {1, "…⋯⋮⋱½"},
	} {
		for _, r := range w.chars {
			m[r] = w.width
		}
	}
	return m
}()

// textWidth is the width of a text in pixels, in a font that is rather wide.
func textWidth(s string, size float64) float64 {
	w := 0.0
	for _, r := range s {
		switch {
		case r >= ' ' && r <= '~':
			w += float64(ascii[r-' ']) / 100
		case others[r] > 0:
			w += others[r]
		case r >= 0x300 && r < 0x370: // combining marks
		case r >= 0x2E80: // Chinese characters
			w++
		default:
			w += .8
		}
	}
	return w * size
}

// Measures of lines in pixels.
const (
	lineHeight = 17.0
	rowHeight  = 16.0
	columnGap  = 9.0
	bracket    = 5.0 // width of a bracket of a matrix
	pieceGap   = 7.0
	boxPadX    = 12.0
	boxPadY    = 7.0
	outerPad   = 6.0 // between box and texts outside
)

// columns are the widths of the columns of a matrix.
func columns(rows [][]string) []float64 {
	var w []float64
	for _, r := range rows {
		for j, c := range r {
			if j == len(w) {
				w = append(w, 0)
			}
			w[j] = math.Max(w[j], textWidth(c, outerSize))
		}
	}
	return w
}

func (p *Piece) size() (w, h float64) {
	if len(p.Rows) == 0 {
		return textWidth(p.Text, outerSize), lineHeight
	}
	w = 2 * (bracket + 2)
	for j, c := range columns(p.Rows) {
		if j > 0 {
			w += columnGap
		}
		w += c
	}
	return w, float64(len(p.Rows))*rowHeight + 3
}

func (l Line) size() (w, h float64) {
	for i := range l {
		pw, ph := l[i].size()
		if i > 0 {
			w += pieceGap
		}
		w, h = w+pw, math.Max(h, ph)
	}
	return w, h
}

// block is the size of lines one below the other.
func block(lines []Line) (w, h float64) {
	for _, l := range lines {
		lw, lh := l.size()
		w, h = math.Max(w, lw), h+lh
	}
	return w, h
}

// measure says how much room a node takes.
func (l *layout) measure(n *Node) size {
	boxW := math.Max(34, math.Max(textWidth(n.Label, labelSize), textWidth(n.Note, noteSize))+2*boxPadX)
	boxH := lineHeight + 3 + 2*boxPadY
	if n.Note != "" {
		boxH += 13
	}
	aw, ah := block(n.Above)
	bw, bh := block(n.Below)
	if l.down {
		s := size{boxMain: boxH / 2, boxCross: boxW / 2, outer: math.Max(aw, bw)}
		s.main = math.Max(boxH, ah+bh) / 2
		s.before, s.after = boxW/2, boxW/2
		if s.outer > 0 {
			s.after += outerPad + s.outer
		}
		return s
	}
	s := size{boxMain: boxW / 2, boxCross: boxH / 2}
	s.main = math.Max(boxW, math.Max(aw, bw)) / 2
	s.before, s.after = boxH/2, boxH/2
	if ah > 0 {
		s.before += ah + outerPad
	}
	if bh > 0 {
		s.after += bh + outerPad
	}
	return s
}
