package main

import (
	"bytes"
	"fmt"
	"html"
	"os"
	"strings"
	"testing"

	"example.com/nabla/internal/source"
)

// pictured is the command whose output docs/picture.svg shows.
var pictured = []string{"diff", "examples/s11-two-layers.nb", "W1", "W2"}

// TestPicture draws the output of a command as on a terminal and compares with
// the picture in the README.
func TestPicture(t *testing.T) {
	t.Chdir("../..")
	var out, errs bytes.Buffer
	c := &command{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, colour: true}
	if status := c.run(pictured); status != exitOK {
		t.Fatalf("status %d: %s", status, errs.String())
	}
	prompt := "$ nabla " + strings.Join(pictured, " ") + "\n"
	got := svg(escBold + prompt + escReset + figure.ReplaceAllString(out.String(), "$1 3e-11"))
	const file = "docs/picture.svg"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what nabla prints (go test ./cmd/nabla -update draws it again)", file)
	}
}

// Sizes of a character cell and of the margin, in pixels.
const (
	cellWidth, cellHeight = 8.4, 20
	margin                = 16
)

// svg draws text with escape sequences. Every run of one style is placed by its
// column, so that the columns stand whatever the font.
func svg(text string) string {
	classes := map[string]string{escBold: "b", escDim: "d", escCyan: "c", escRed: "r", escGreen: "g"}
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	width := 0
	var body strings.Builder
	for i, line := range lines {
		class, column := "", 0
		for line != "" {
			if strings.HasPrefix(line, "\x1b") {
				end := strings.IndexByte(line, 'm') + 1
				if class += " " + classes[line[:end]]; line[:end] == escReset {
					class = ""
				}
				line = line[end:]
				continue
			}
			run, _, _ := strings.Cut(line, "\x1b")
			line = line[len(run):]
			for run != "" {
				blank := len(run) - len(strings.TrimLeft(run, " "))
				column, run = column+blank, run[blank:]
				part := run
				if gap := strings.Index(run, "  "); gap >= 0 {
					part = run[:gap]
				}
				if part != "" {
					fmt.Fprintf(&body, "<text x=\"%.1f\" y=\"%d\"%s>%s</text>\n", margin+float64(column)*cellWidth,
						margin+cellHeight*i+15, attribute(class), html.EscapeString(part))
				}
				column += source.Width(part)
				run = run[len(part):]
			}
			width = max(width, column)
		}
	}
	w, h := float64(width)*cellWidth+2*margin, len(lines)*cellHeight+2*margin
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%d" viewBox="0 0 %.0f %d">
<style>
text { font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #d8dee9; white-space: pre }
.b { font-weight: bold } .d { fill: #8592a6 } .c { fill: #88d0e0 } .r { fill: #e06c75 } .g { fill: #a3be8c }
</style>
<rect width="100%%" height="100%%" rx="8" fill="#20252e"/>
%s</svg>
`, w, h, w, h, body.String())
}

func attribute(class string) string {
	if class = strings.TrimSpace(class); class == "" {
		return ""
	}
	return ` class="` + class + `"`
}
