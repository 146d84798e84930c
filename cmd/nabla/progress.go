package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"example.com/nabla/internal/native"
)

// A bar repaints one line of a terminal; where there is none it does nothing.
type bar struct {
	w     io.Writer
	width int // 0: not a terminal
	begin time.Time
	last  time.Time
	shown bool
}

// newBar returns a bar on standard error.
func (c *command) newBar() *bar {
	b := &bar{w: c.stderr, begin: time.Now()}
	if f, ok := c.stderr.(*os.File); ok {
		b.width = columns(f)
		if info, err := f.Stat(); b.width == 0 && err == nil && info.Mode()&os.ModeCharDevice != 0 {
			b.width = 80 // a terminal that does not say how wide it is
		}
		if os.Getenv("TERM") == "dumb" {
			b.width = 0
		}
	}
	return b
}

// between is how long a line stays at least.
const between = 100 * time.Millisecond

// line repaints the line, not more often than the eye follows.
func (b *bar) line(text string) {
	if b.width == 0 || time.Since(b.last) < between {
		return
	}
	b.last, b.shown = time.Now(), true
	r := []rune(text)
	if len(r) >= b.width {
		r = r[:b.width-1]
	}
	fmt.Fprintf(b.w, "\r\x1b[K%s", string(r))
}

// clear wipes the line.
func (b *bar) clear() {
	if b.shown {
		fmt.Fprint(b.w, "\r\x1b[K")
		b.shown = false
	}
}

// progress shows how far a run has gone through the samples, once that takes a while.
func (b *bar) progress(p native.Progress) {
	if b.width == 0 || time.Since(b.begin) < time.Second/2 {
		return
	}
	b.line(meter(p))
}

// reading shows how much of a file of text has been read.
func (b *bar) reading(file string, done, total int64) {
	if b.width == 0 || time.Since(b.begin) < time.Second/2 {
		return
	}
	b.line("reading " + filepath.Base(file) + "  " + meter(native.Progress{Done: int(done), Total: int(total)}))
}

// meter draws how far a run is.
func meter(p native.Progress) string {
	const cells = 30
	part := 0.0
	if p.Total > 0 {
		part = float64(p.Done) / float64(p.Total)
	}
	full := int(part * cells)
	s := fmt.Sprintf("[%s%s] %3.0f %%", strings.Repeat("=", full), strings.Repeat(" ", cells-full), 100*part)
	if p.Passes > 1 {
		s += fmt.Sprintf("  pass %d of %d", p.Pass+1, p.Passes)
	}
	return s
}
