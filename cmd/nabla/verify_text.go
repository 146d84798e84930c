package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"example.com/nabla"
)

// verdictWords are the labels and words of a verdict.
type verdictWords struct {
	given, inferred, unused, note, claim, verdict, layout, assuming, compared, example, entry, line string

	equal, notEqual, inLine, defines, wrong string
	canonical, numbers, points              string
	claimed, differences, undefined         string
	truth, value                            string // the truth where it is a derivative, and where not
	colon, comma                            string

	layouts map[nabla.Layout]string
	vecs    map[nabla.VecOrder]string
}

var wordsIn = map[string]verdictWords{
	"en": {
		given: "given", inferred: "inferred", unused: "not used", note: "note", claim: "claim", verdict: "verdict", layout: "layout",
		assuming: "assuming", compared: "compared", example: "example", entry: "entry", line: "line %d",
		equal: "equal: %s", notEqual: "not equal: ", inLine: "not equal, line %d is the first wrong one: ", defines: "defines %s", wrong: "wrong",
		canonical: "same canonical form", numbers: "by numbers only", points: "%d points",
		claimed: "claim %s", truth: "derivative %s", differences: "finite differences %s", undefined: "undefined", value: "true value %s", colon: ": ", comma: ", ",
		layouts: map[nabla.Layout]string{nabla.Denominator: "denominator", nabla.Numerator: "numerator"},
		vecs:    map[nabla.VecOrder]string{nabla.Columns: ", vec by columns", nabla.Rows: ", vec by rows"},
	},
	"zh": {
		given: "已知", inferred: "推断", unused: "未用到", note: "注", claim: "所给", verdict: "结论", layout: "布局",
		assuming: "假设", compared: "比较", example: "反例", entry: "元素", line: "第 %d 行",
		equal: "相等：%s", notEqual: "不相等：", inLine: "不相等，第一处错误在第 %d 行：", defines: "定义 %s", wrong: "错误",
		canonical: "化为同一规范形式", numbers: "仅经数值比较", points: "%d 个点",
		claimed: "所给 %s", truth: "导数 %s", differences: "差分 %s", undefined: "无定义", value: "正确值 %s", colon: "：", comma: "，",
		layouts: map[nabla.Layout]string{nabla.Denominator: "分母布局", nabla.Numerator: "分子布局"},
		vecs:    map[nabla.VecOrder]string{nabla.Columns: "，vec 按列", nabla.Rows: "，vec 按行"},
	},
}

// givenIn is given in a language.
func givenIn(res *nabla.Result, lang string) []row {
	words := wordsIn[lang]
	rows := given(res)
	for i := range rows {
		if rows[i].label == "given" {
			rows[i].label = words.given
		}
		rows[i].right = strings.NewReplacer("inferred", words.inferred, "not used", words.unused).Replace(rows[i].right)
	}
	return rows
}

// writeVerdict writes a verdict for a person.
func writeVerdict(w *bytes.Buffer, v *nabla.Verdict, lang string, s style) {
	words := wordsIn[lang]
	res := v.Result
	rows := givenIn(res, lang)
	rows = append(rows, row{label: res.Name, text: res.Expression, right: res.Shape, formula: true})
	for _, n := range pick(lang, res.Notes, res.NotesZH) {
		rows = append(rows, row{label: words.note, text: n})
	}
	argument := func(a nabla.Argument) string {
		if a == nabla.CanonicalForm {
			return words.canonical
		}
		return words.numbers
	}
	if len(v.Lines) > 1 {
		for _, l := range v.Lines {
			r := row{label: fmt.Sprintf(words.line, l.Line), text: l.Claimed.Symbol + " = " + oneLine(l.Claimed.Text)}
			switch {
			case l.Defines:
				r.right = fmt.Sprintf(words.defines, l.Claimed.Symbol)
			case l.Equal:
				r.right = fmt.Sprintf(words.equal, argument(l.Argument))
			default:
				r.right = words.wrong
			}
			rows = append(rows, r)
		}
	} else {
		rows = append(rows, row{label: words.claim, text: v.Claimed.Symbol + " = " + oneLine(v.Claimed.Text), right: v.Claimed.Shape})
	}
	verdict := row{label: words.verdict, strong: true}
	switch {
	case v.Equal:
		verdict.text = fmt.Sprintf(words.equal, argument(v.Argument))
	case len(v.Lines) > 1:
		verdict.text = fmt.Sprintf(words.inLine, v.Line) + pick(lang, v.Message, v.MessageZH)
	default:
		verdict.text = words.notEqual + pick(lang, v.Message, v.MessageZH)
	}
	rows = append(rows, verdict)
	rows = append(rows, row{label: v.True.Symbol, text: oneLine(v.True.Text), right: v.True.Shape, formula: true})
	if d := v.Derivative; d != nil {
		layout := words.layouts[d.Layout]
		if d.Vec != "" {
			layout += words.vecs[d.Vec]
		}
		if d.Identity != "" {
			layout += words.colon + d.Identity
		}
		rows = append(rows, row{label: words.layout, text: layout})
		for i, a := range pick(lang, d.Assumptions, d.AssumptionsZH) {
			r := row{text: a}
			if i == 0 {
				r.label = words.assuming
			}
			rows = append(rows, r)
		}
	}
	rows = append(rows, row{label: words.compared, text: fmt.Sprintf(words.points, v.Points)})
	if x := v.Counterexample; x != nil {
		rows = append(rows, exampleRows(x, v, words)...)
	}
	writeRows(w, rows, s)
}

// oneLine is the last line of a long formula that names its parts above.
func oneLine(text string) string { return text[strings.LastIndexByte(text, '\n')+1:] }

// pick is the one in the language.
func pick[T any](lang string, en, zh T) T {
	if lang == "zh" {
		return zh
	}
	return en
}

// exampleRows writes a counterexample.
func exampleRows(x *nabla.Counterexample, v *nabla.Verdict, words verdictWords) []row {
	var rows []row
	if len(x.Sizes) > 0 {
		rows = append(rows, row{text: strings.Join(x.Sizes, ", ")})
	}
	for _, n := range x.Variables {
		for k, m := range n.Entries {
			name := n.Name
			if len(n.Entries) > 1 {
				name += "[" + strconv.Itoa(k+1) + "]"
			}
			rows = append(rows, row{text: name + " = " + entries(m)})
		}
	}
	if len(rows) > 0 {
		rows[0].label = words.example
	}
	claimed := x.Claimed
	if claimed == "undefined" {
		claimed = words.undefined
	}
	truth := words.truth
	if v.Derivative == nil {
		truth = words.value
	}
	text := fmt.Sprintf("(%d, %d)", x.Row, x.Col) + words.colon + fmt.Sprintf(words.claimed, claimed) + words.comma + fmt.Sprintf(truth, x.True)
	if x.Differences != "" {
		text += words.comma + fmt.Sprintf(words.differences, x.Differences)
	}
	return append(rows, row{label: words.entry, text: text})
}

// entries writes a matrix as [1 2; 3 4], a vector as (1, 2), a scalar as it is.
func entries(rows [][]string) string {
	if len(rows) == 1 && len(rows[0]) == 1 {
		return rows[0][0]
	}
	var lines []string
	column := true
	for _, r := range rows {
		column = column && len(r) == 1
		lines = append(lines, strings.Join(r, " "))
	}
	if column {
		return "(" + strings.Join(lines, ", ") + ")"
	}
	return "[" + strings.Join(lines, "; ") + "]"
}
