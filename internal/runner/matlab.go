package runner

import (
	"fmt"
	"slices"
	"strings"
)

// octaveWords are keywords and functions that Octave has and MATLAB has not.
var octaveWords = []string{
	"endif", "endfunction", "endfor", "endwhile", "endswitch", "end_try_catch", "endparfor",
	"unwind_protect", "unwind_protect_cleanup", "end_unwind_protect", "do", "until",
	"printf", "puts", "fdisp", "print_usage", "ifelse", "merge", "rows", "columns", "postpad", "prepad",
	"sumsq", "vech", "isargout", "nthargout", "argv", "is_function_handle",
}

// octaveOnly lists, with line and column, what Octave accepts and MATLAB does not: its own
// comments, text in double quotes, operators and keywords, and an index behind a call or
// bracket. It reads tokens, no structure.
func octaveOnly(source string) []string {
	var remarks []string
	block := 0 // depth of %{ … %}
	for n, line := range strings.Split(source, "\n") {
		switch strings.TrimSpace(line) {
		case "%{":
			block++
			continue
		case "%}":
			block--
			continue
		}
		if block > 0 {
			continue
		}
		remark := func(at int, what string) {
			remarks = append(remarks, fmt.Sprintf("%d:%d: MATLAB has no %s", n+1, at+1, what))
		}
		octaveOnlyLine(line, remark)
	}
	return remarks
}

func octaveOnlyLine(line string, remark func(at int, what string)) {
	var last byte // of the token before, 0 at the start; 'a' for a name or number
	blank := true
	for i := 0; i < len(line); {
		c := line[i]
		two := ""
		if i+1 < len(line) {
			two = line[i : i+2]
		}
		start := i
		i++
		switch {
		case c == ' ' || c == '\t' || c == '\r':
			blank = true
			continue
		case c == '%' || strings.HasPrefix(line[start:], "..."):
			return
		case c == '#':
			remark(start, "comment with #")
			return
		case c == '"':
			remark(start, `text in " of one meaning in both`)
			return
		case c == '\'' && !blank && last != 0 && strings.IndexByte("a)]}'.", last) >= 0:
			last, blank = '\'', false // transpose
			continue
		case c == '\'':
			for i < len(line) && (line[i] != '\'' || strings.HasPrefix(line[i:], "''")) {
				if line[i] == '\'' {
					i++
				}
				i++
			}
			i++
			c = '\''
		case isWord(c):
			for i < len(line) && (isWord(line[i]) || line[i] == '.' && isDigit(c)) {
				i++
			}
			if i < len(line) && (line[i] == '+' || line[i] == '-') && isDigit(c) && strings.IndexByte("eE", line[i-1]) >= 0 {
				i++
				for i < len(line) && isDigit(line[i]) {
					i++
				}
			}
			if w := line[start:i]; last != '.' && slices.Contains(octaveWords, w) {
				remark(start, w)
			}
			c = 'a'
		case two == "!=" || two == "+=" || two == "-=" || two == "*=" || two == "/=" || two == "^=" || two == "|=" || two == "&=" || two == "**" || two == "++" || two == "--":
			remark(start, two)
			i++
		case c == '!':
			remark(start, "!")
		case c == '(' && !blank && (last == ')' || last == ']'):
			remark(start, fmt.Sprintf("index behind %c", last))
		}
		last, blank = c, false
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWord(c byte) bool {
	return c == '_' || isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}
