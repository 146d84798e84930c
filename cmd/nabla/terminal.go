package main

import (
	"os"
	"strings"
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
		case strings.HasPrefix(line, "hint: "):
			line = escGreen + "hint:" + escReset + line[len("hint:"):]
		case strings.HasPrefix(line, "note: "):
			line = escCyan + "note:" + escReset + line[len("note:"):]
		case !strings.HasPrefix(line, "  "):
			line = escBold + line + escReset
		}
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return b.String()
}
