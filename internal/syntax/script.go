package syntax

import (
	"strings"
	"unicode/utf8"
)

// Superscript and subscript characters of Unicode, each with the plain text
// it stands for, in pairs.
const (
	superscripts = "⁰0¹1²2³3⁴4⁵5⁶6⁷7⁸8⁹9⁺+⁻-⁽(⁾)ᴬAᴮBᴰDᴱEᴳGᴴHᴵIᴶJᴷKᴸLᴹMᴺNᴼOᴾPᴿRᵀTᵁUⱽVᵂW" +
		"ᵃaᵇbᶜcᵈdᵉeᶠfᵍgʰhⁱiʲjᵏkˡlᵐmⁿnᵒoᵖpʳrˢsᵗtᵘuᵛvʷwˣxʸyᶻz"
	subscripts = "₀0₁1₂2₃3₄4₅5₆6₇7₈8₉9₊+₋-₌=₍(₎)ₐaₑeₕhᵢiⱼjₖkₗlₘmₙnₒoₚpᵣrₛsₜtᵤuᵥvₓxᵦβᵧγᵨρᵩφᵪχ"
)

func scriptTable(pairs string) map[rune]rune {
	m := map[rune]rune{}
	for len(pairs) > 0 {
		r, n := utf8.DecodeRuneInString(pairs)
		s, k := utf8.DecodeRuneInString(pairs[n:])
		m[r] = s
		pairs = pairs[n+k:]
	}
	return m
}

var superTable, subTable = scriptTable(superscripts), scriptTable(subscripts)

// superscript returns the plain form of a superscript character.
func superscript(r rune) (rune, bool) {
	if r != '²' && r != '³' && r != '¹' && r < 0x2B0 {
		return 0, false
	}
	s, ok := superTable[r]
	return s, ok
}

func isSubscript(r rune) bool {
	if r < 0x1D00 {
		return false
	}
	_, ok := subTable[r]
	return ok
}

// plain replaces super- or subscript characters by what they stand for.
func plain(s string, table map[rune]rune) string {
	return strings.Map(func(r rune) rune {
		if p, ok := table[r]; ok {
			return p
		}
		return r
	}, s)
}

// SplitSubscript splits a name into its base and the plain text of its
// subscript: Iₙ, I_n and I_{n} all give I and n. ok is false if the name has
// no subscript or nothing before it.
func SplitSubscript(name string) (base, sub string, ok bool) {
	cut := strings.IndexByte(name, '_')
	width := 1
	if cut < 0 {
		for i, r := range name {
			if isSubscript(r) {
				cut, width = i, 0
				break
			}
		}
	}
	if cut <= 0 {
		return name, "", false
	}
	sub = subscriptText(name[cut+width:])
	return name[:cut], sub, sub != ""
}

// subscriptText returns the plain text of what follows the underscore, or of
// a run of subscript characters.
func subscriptText(s string) string {
	s = strings.TrimPrefix(s, "_")
	if strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}") {
		return strings.TrimSpace(s[1 : len(s)-1])
	}
	return plain(s, subTable)
}
