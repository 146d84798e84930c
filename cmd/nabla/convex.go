package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"example.com/nabla"
	"example.com/nabla/internal/wire"
)

// convexFormats are those of nabla convex.
var convexFormats = []string{"text", "json"}

// convex is the command nabla convex.
func (c *command) convex(args []string) int {
	var p problem
	var format string
	fs := newFlags("convex")
	p.defineVar(fs)
	fs.StringVar(&format, "format", convexFormats[0], "")
	fs.StringVar(&c.lang, "lang", langs[0], "")
	err := p.read(c, fs, args, func() error {
		return choose(choice{"format", format, convexFormats}, choice{"lang", c.lang, langs})
	})
	if err != nil {
		return c.fail(err)
	}
	rep, err := safely(nabla.Curvature, nabla.ConvexRequest{Program: p.program, File: p.file, Notation: p.notation(p.file), Vars: p.vars, Wrt: p.operands})
	if err != nil {
		return c.fail(err)
	}
	if format == "json" {
		return c.writeJSON(wire.NewCurvature(rep))
	}
	var out bytes.Buffer
	writeConvex(&out, rep, c.lang, style{colour: c.colour})
	return c.write(out.Bytes())
}

// A wording is the fixed text of a report in one language.
type wording struct {
	given, verdict, condition, domain, proof, checked, note string
	in, and, iff                                            string
	strictly, strongly, strictlyIf, stronglyIf              string
	chords                                                  string // count, sets of sizes
	refutes                                                 map[string]string
	held, between                                           string
	curvatures                                              map[string]string
}

var wordings = map[string]*wording{
	"en": {
		given: "given", verdict: "verdict", condition: "if", domain: "where", proof: "because", checked: "checked", note: "note",
		in: "%s in %s", and: " and ", iff: ", and only if",
		strictly: ", strictly", strongly: ", strongly", strictlyIf: ", strictly if ", stronglyIf: ", strongly if ",
		chords:  "%d chords at random points, %s",
		refutes: map[string]string{"convex": "not convex", "concave": "not concave"},
		held:    "with ", between: "between %s and %s the value halfway is %s, the mean of the ends %s",
		curvatures: map[string]string{"affine": "affine", "convex": "convex", "concave": "concave",
			"neither": "neither convex nor concave", "unknown": "unknown: no proof was found that it is convex or concave"},
	},
	"zh": {
		given: "已知", verdict: "结论", condition: "条件", domain: "定义域", proof: "证明", checked: "检验", note: "注",
		in: "关于 %[2]s %[1]s", and: "，且 ", iff: "（充分必要）",
		strictly: "，且严格$c", strongly: "，且强$c", strictlyIf: "；严格$c的条件：", stronglyIf: "；强$c的条件：",
		chords:  "随机点上的 %d 条弦，%s",
		refutes: map[string]string{"convex": "非凸", "concave": "非凹"},
		held:    "取 ", between: "在 %s 与 %s 之间，中点的值为 %s，两端的平均为 %s",
		curvatures: map[string]string{"affine": "是仿射的", "convex": "是凸的", "concave": "是凹的",
			"neither": "既非凸也非凹", "unknown": "未知：没有找到凸或凹的证明"},
	},
}

// writeConvex writes a report for a person: what was understood, then each verdict
// with its certificate.
func writeConvex(w *bytes.Buffer, rep *nabla.CurvatureReport, lang string, s style) {
	words := wordings[lang]
	rows := givenIn(&nabla.Result{Name: rep.Name, Variables: rep.Variables, Definitions: rep.Definitions}, lang)
	rows = append(rows, row{label: rep.Name, text: rep.Expression, right: rep.Shape, formula: true})
	for _, n := range pick(lang, rep.Notes, rep.NotesZH) {
		rows = append(rows, row{label: words.note, text: n})
	}
	vars := strings.Join(rep.Wrt, ", ")
	if rep.Curvature == "neither" || rep.Curvature == "unknown" {
		rows = append(rows, row{label: words.verdict, text: fmt.Sprintf(words.in, words.curvatures[rep.Curvature], vars), strong: true})
		if rep.Curvature == "unknown" {
			rows[len(rows)-1].text = words.curvatures[rep.Curvature]
		}
		for _, c := range rep.Counterexamples {
			rows = append(rows, counterRows(&c, words)...)
		}
	}
	for i := range rep.Verdicts {
		if i > 0 || rep.Curvature == "neither" {
			rows = append(rows, row{blank: true})
		}
		rows = append(rows, verdictRows(&rep.Verdicts[i], vars, words, lang)...)
	}
	writeRows(w, rows, s)
}

func verdictRows(v *nabla.CurvatureVerdict, vars string, words *wording, lang string) []row {
	text := fmt.Sprintf(words.in, words.curvatures[v.Curvature], vars)
	if v.Strict {
		switch {
		case len(v.StrictIf) > 0 && v.Strong:
			text += words.stronglyIf
		case len(v.StrictIf) > 0:
			text += words.strictlyIf
		case v.Strong:
			text += words.strongly
		default:
			text += words.strictly
		}
		bend := "凸"
		if v.Curvature == "concave" {
			bend = "凹"
		}
		text = strings.ReplaceAll(text, "$c", bend) + conditionText(v.StrictIf, words, lang)
	}
	rows := []row{{label: words.verdict, text: text, strong: true}}
	if len(v.If) > 0 {
		text := conditionText(v.If, words, lang)
		if v.If[0].Exact && len(v.If) == 1 {
			text += words.iff
		}
		rows = append(rows, row{label: words.condition, text: text})
	}
	if len(v.Domain) > 0 {
		rows = append(rows, row{label: words.domain, text: conditionText(v.Domain, words, lang)})
	}
	for i, l := range v.Certificate {
		r := row{text: l.English}
		if lang == "zh" {
			r.text = l.Chinese
		}
		if len(v.Certificate) > 1 {
			r.text = strconv.Itoa(i+1) + ". " + r.text
		}
		if i == 0 {
			r.label = words.proof
		}
		rows = append(rows, r)
	}
	if v.Chords > 0 {
		rows = append(rows, row{label: words.checked, text: fmt.Sprintf(words.chords, v.Chords, strings.Join(v.Sizes, "; "))})
		if strings.Join(v.Sizes, "") == "" {
			last := &rows[len(rows)-1]
			last.text = strings.TrimRight(last.text, "; ,，")
		}
	}
	return rows
}

func conditionText(list []nabla.CurvatureCondition, words *wording, lang string) string {
	var out []string
	for _, c := range list {
		if lang == "zh" {
			out = append(out, c.Chinese)
		} else {
			out = append(out, c.Text)
		}
	}
	return strings.Join(out, words.and)
}

// maxValues is the width up to which the values of a counterexample are written.
const maxValues = 110

func counterRows(c *nabla.CurvatureCounterexample, words *wording) []row {
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
	list := func(values []nabla.CurvaturePoint) string {
		var out []string
		for _, v := range values {
			out = append(out, v.String())
		}
		return strings.Join(out, ", ")
	}
	text := fmt.Sprintf(words.between, list(c.From), list(c.To), number(c.Half), number((c.AtFrom+c.AtTo)/2))
	rows := []row{{label: words.refutes[c.Refutes], text: text}}
	if len(c.Held) > 0 {
		if held := words.held + list(c.Held); len([]rune(held)) <= maxValues {
			rows = append(rows, row{text: held})
		}
	}
	return rows
}
