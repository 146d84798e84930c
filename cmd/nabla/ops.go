package main

import (
	"bytes"
	"fmt"
	"strings"

	"example.com/nabla"
	"example.com/nabla/internal/source"
)

// ops is the command nabla ops.
func (c *command) ops(names []string) int {
	for _, n := range names {
		if n == "-h" || n == "-help" || n == "--help" {
			fmt.Fprint(c.stdout, helpOps)
			return exitOK
		}
	}
	var out bytes.Buffer
	all := nabla.Operators()
	if len(names) == 0 {
		listOperators(&out, all)
	}
	for _, n := range names {
		found := false
		for i := range all {
			if all[i].Is(n) {
				if out.Len() > 0 {
					out.WriteByte('\n')
				}
				describeOperator(&out, &all[i])
				found = true
			}
		}
		if !found {
			fmt.Fprintf(c.stderr, "nabla: unknown operator %s; nabla ops lists them all\n", n)
			return exitInput
		}
	}
	c.stdout.Write(out.Bytes())
	return exitOK
}

// listOperators writes one line for each operator, by family.
func listOperators(w *bytes.Buffer, all []nabla.Operator) {
	width := 0
	for _, o := range all {
		width = max(width, source.Width(o.Usage))
	}
	family := ""
	for _, o := range all {
		if o.Family != family {
			if family != "" {
				w.WriteByte('\n')
			}
			family = o.Family
			w.WriteString(family + "\n")
		}
		w.WriteString("  " + o.Usage)
		pad(w, width-source.Width(o.Usage)+2)
		w.WriteString(o.Doc + "\n")
	}
}

// describeOperator writes all that the row of an operator says.
func describeOperator(w *bytes.Buffer, o *nabla.Operator) {
	rows := []row{{label: o.Usage, text: o.Doc}}
	add := func(label, text string) {
		if text != "" {
			rows = append(rows, row{label: label, text: text})
		}
	}
	add("also", strings.Join(o.Aliases, ", "))
	add("shapes", o.Shapes)
	add("meaning", o.Definition)
	add("domain", o.Domain)
	add("derivative", o.Differential)
	add("examples", strings.Join(o.Examples, "    "))
	writeRows(w, rows, style{})
}
