package main

import (
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// Escape sequences for terminals (ECMA-48, Select Graphic Rendition).
const (
	escReset = "\x1b[0m"
	escBold  = "\x1b[1m"
	escDim   = "\x1b[2m"
	escRed   = "\x1b[31m"
	escGreen = "\x1b[32m"
	escCyan  = "\x1b[36m"
)

// colours reports whether f is a terminal that takes escape sequences and the
// environment does not ask for plain text (NO_COLOR set and not empty, or
// TERM=dumb).
func colours(f *os.File, getenv func(string) string) bool {
	if getenv("NO_COLOR") != "" || getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// colourDiagnostics marks the messages, carets and hints of rendered
// diagnostics.
func colourDiagnostics(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		body := strings.TrimLeft(line, " ")
		switch {
		case body != "" && strings.Trim(body, "^~") == "":
			line = line[:len(line)-len(body)] + escRed + escBold + body + escReset
		case starts(line, "hint:", "提示："):
			line = label(line, escGreen)
		case starts(line, "note:", "注："):
			line = label(line, escCyan)
		case !strings.HasPrefix(line, "  "):
			line = escBold + line + escReset
		}
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return b.String()
}

func starts(line string, labels ...string) bool {
	return slices.ContainsFunc(labels, func(l string) bool { return strings.HasPrefix(line, l) })
}

// label colours what stands before the first colon of a line, with it.
func label(line, colour string) string {
	i := strings.IndexAny(line, ":：")
	_, n := utf8.DecodeRuneInString(line[i:])
	return colour + line[:i+n] + escReset + line[i+n:]
}
