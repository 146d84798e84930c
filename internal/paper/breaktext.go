package paper

import (
	"strings"
	"unicode"

	"example.com/nabla/internal/source"
)

// A place is where a formula may be broken: before the character at, which is
// cost to a reader and lies width from the start. product says that the break is
// between factors.
type place struct {
	at      int
	width   float64
	cost    float64
	product bool
}

// choose returns the best place to break what starts at width from, so that no
// more than limit stands before the break, or else the first place after that; nil
// if there is none. A break deep in brackets costs most, then one that leaves a
// short row.
func choose(places []place, from, limit float64) *place {
	var best *place
	least := 0.0
	for i := range places {
		p := &places[i]
		if p.width <= from {
			continue
		}
		if p.width-from > limit {
			if best == nil {
				return p
			}
			break
		}
		short := 1 - (p.width-from)/limit
		if cost := p.cost + 6*short*short; best == nil || cost <= least {
			best, least = p, cost
		}
	}
	return best
}

// Costs of a break at a sum, at another operator and between factors; each pair
// of brackets around it costs as much as deep.
const (
	atSum     = 0
	atSign    = 1
	atProduct = 2.5
	deep      = 2
)

// breakText breaks a formula into rows of at most width columns: before a sign,
// else before a factor. Rows after the first are two columns narrower.
func breakText(f Formula, width int) []Formula {
	if source.Width(f.Text) <= width {
		return []Formula{f}
	}
	runes := []rune(f.Text)
	places := textPlaces(runes, f.Marks)
	limit := float64(width)
	var rows []Formula
	at, from := 0, 0.0
	for source.Width(string(runes[at:])) > int(limit) {
		p := choose(places, from, limit)
		if p == nil {
			break
		}
		rows = append(rows, cut(f, runes, at, p.at))
		at, from, limit = p.at, p.width, float64(width-2)
	}
	return append(rows, cut(f, runes, at, len(runes)))
}

// cut returns the characters from … to of a formula with their marks.
func cut(f Formula, runes []rune, from, to int) Formula {
	end := to
	for end > from && runes[end-1] == ' ' {
		end--
	}
	out := Formula{Text: string(runes[from:end])}
	for _, m := range f.Marks {
		if m.From >= from && m.From < end {
			out.Marks = append(out.Marks, Mark{m.From - from, min(m.To, end) - from, m.Shape})
		}
	}
	return out
}

// textPlaces returns the places where a formula may be broken.
func textPlaces(runes []rune, marks []Mark) []place {
	inside := make([]bool, len(runes)+1)
	for _, m := range marks {
		for i := m.From + 1; i < m.To; i++ {
			inside[i] = true
		}
	}
	var places []place
	depth, bars, width := 0, 0, 0.0
	for i, r := range runes {
		switch {
		case strings.ContainsRune("([{⟨", r):
			depth++
		case strings.ContainsRune(")]}⟩", r):
			depth--
		case r == '‖':
			bars = 1 - bars
		}
		if r == ' ' && i > 0 && i+1 < len(runes) && !inside[i+1] {
			cost := float64(atProduct)
			before, after := runes[i-1], runes[i+1]
			operator := i+2 < len(runes) && runes[i+2] == ' '
			switch {
			case isSign(before) || before == ',' || before == '(':
				cost = -1 // after a sign
			case operator && (after == '+' || after == '−'):
				cost = atSum
			case operator && isSign(after):
				cost = atSign
			}
			if before == ',' {
				cost = atSign
			}
			if cost >= 0 {
				places = append(places, place{at: i + 1, width: width, cost: cost + deep*float64(depth+bars)})
			}
		}
		width += float64(source.Width(string(r)))
	}
	return places
}

// isSign reports whether r is an infix operator.
func isSign(r rune) bool {
	return r == '=' || r == ':' || r == '·' || r == '/' || unicode.Is(unicode.Sm, r) && r != 'Σ' && r != '∂' && r != '∇'
}

// wrap breaks a paragraph into rows of at most width columns: at spaces, and
// between wide characters but not before or after punctuation that belongs to one
// of them.
func wrap(s string, width int) []string {
	width = max(width, 8)
	runes := []rune(s)
	var rows []string
	start, space, column := 0, -1, 0
	for i, r := range runes {
		if i > start && mayBreak(runes[i-1], r) {
			space = i
		}
		column += source.Width(string(r))
		if column > width && space > start {
			rows = append(rows, rowOf(runes[start:space]))
			start = space
			column = source.Width(string(runes[start : i+1]))
			space = -1
		}
	}
	return append(rows, rowOf(runes[start:]))
}

// rowOf returns a row without space at its end, and with spaces for ties.
func rowOf(runes []rune) string {
	return strings.ReplaceAll(strings.TrimRight(string(runes), " "), tie, " ")
}

// mayBreak reports whether a row may end after a and the next start with b.
func mayBreak(a, b rune) bool {
	switch {
	case b == ' ':
		return false
	case a == ' ':
		return true
	case strings.ContainsRune("，。；：、！？）」』】》”’", b) || strings.ContainsRune("（「『【《“‘", a):
		return false
	}
	return source.Width(string(a)) == 2 || source.Width(string(b)) == 2
}
