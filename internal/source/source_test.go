package source

import (
	"testing"

	"example.com/nabla/internal/message"
)

func TestPosition(t *testing.T) {
	f := NewFile("", "ab\nσx = 变\r\n\n")
	for _, c := range []struct{ offset, line, column int }{
		{0, 1, 1}, {2, 1, 3}, {3, 2, 1}, {5, 2, 2}, {9, 2, 6}, {12, 2, 7}, {14, 3, 1}, {15, 4, 1}, {99, 4, 1}, {-1, 1, 1},
	} {
		if l, col := f.Position(c.offset); l != c.line || col != c.column {
			t.Errorf("offset %d: got %d:%d, want %d:%d", c.offset, l, col, c.line, c.column)
		}
	}
}

func TestRender(t *testing.T) {
	for _, c := range []struct {
		name, text string
		span       Span
		want       string
	}{
		{"", "exp(A * B)", Span{6, 7}, "1:7: m\n  exp(A * B)\n        ^\nnote: n\nhint: h\n"},
		{"loss.nb", "a\n  bcd", Span{4, 7}, "loss.nb:2:3: m\n    bcd\n    ^~~\nnote: n\nhint: h\n"},
		{"", "\t变量 + b", Span{10, 11}, "1:7: m\n      变量 + b\n             ^\nnote: n\nhint: h\n"},
		{"", "x̄ + 变量", Span{6, 12}, "1:6: m\n  x̄ + 变量\n      ^~~~\nnote: n\nhint: h\n"},
		{"", "a\x00b", Span{2, 3}, "1:3: m\n  a�b\n    ^\nnote: n\nhint: h\n"},
		{"", "", Span{0, 0}, "1:1: m\nnote: n\nhint: h\n"},
	} {
		l := List{{Span: c.span, Message: message.Same("m"), Notes: []message.Text{message.Same("n")}, Hint: message.Same("h")}}
		if got := l.Render(NewFile(c.name, c.text)); got != c.want {
			t.Errorf("%q\n got %q\nwant %q", c.text, got, c.want)
		}
	}
}

// The caret stands under the span wherever a long line is cut.
func TestRenderWindow(t *testing.T) {
	line := ""
	for i := 0; i < 30; i++ {
		line += "0123456789"
	}
	for at := range line {
		got := (&Diagnostic{Span: Span{at, at + 1}, Message: message.Same("m")}).Render(NewFile("", line))
		rows := [3][]rune{}
		row := 0
		for _, r := range got {
			if r == '\n' {
				row++
				continue
			}
			rows[row] = append(rows[row], r)
		}
		if len(rows[1]) > 84 {
			t.Fatalf("at %d the line has %d columns", at, len(rows[1]))
		}
		caret := len(rows[2]) - 1
		if rows[2][caret] != '^' || caret >= len(rows[1]) || rows[1][caret] != rune(line[at]) {
			t.Fatalf("at %d the caret is off:\n%s", at, got)
		}
	}
}

func TestListOrder(t *testing.T) {
	other := NewFile("decl", "x")
	l := List{{Span: Span{5, 6}, Message: message.Same("b")}, {Span: Span{1, 2}, Message: message.Same("a")}, {Message: message.Same("c"), File: other}}
	l.Sort()
	if got := l.Error(); got != "c; a; b" {
		t.Errorf("got %s", got)
	}
	if (List{}).Err() != nil || l.Err() == nil {
		t.Error("Err of an empty list must be nil, of others not")
	}
}
