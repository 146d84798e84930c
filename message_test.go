package nabla_test

import (
	"slices"
	"strings"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/message/messagetest"
)

// inChinese sees that an error is said in Chinese too.
func inChinese(t testing.TB, e *nabla.InputError) {
	t.Helper()
	for _, d := range e.Diagnostics {
		messagetest.Text(t, message.Text{En: d.Message, Zh: d.MessageZH})
		messagetest.Text(t, message.Text{En: d.Hint, Zh: d.HintZH})
		if d.Message == d.MessageZH || !strings.Contains(e.RenderIn("zh"), d.MessageZH) {
			t.Errorf("no Chinese of %s", d.Message)
		}
		bothLanguages(t, d.Notes, d.NotesZH)
	}
}

// bothLanguages compares a list with the same in Chinese.
func bothLanguages(t testing.TB, en, zh []string) {
	t.Helper()
	if len(en) != len(zh) {
		t.Errorf("%q and %q", en, zh)
		return
	}
	for i := range en {
		messagetest.Text(t, message.Text{En: en[i], Zh: zh[i]})
	}
}

// What answers are said with is in both languages; each row has a part of the Chinese.
func TestAnswersInChinese(t *testing.T) {
	for _, c := range []struct{ program, wrt, want string }{
		{"logdet(A)", "A", "det(A) > 0"},
		{"tr(inv(A))", "A", "A 可逆"},
		{"sum(log(x))", "x", "x > 0（逐元素）"},
		{"X: matrix(m, n); sum(pinv(X))", "X", "X 满秩"},
		{"A: matrix(n, n); sum(exp(A))", "A", "矩阵的 exp 逐元素计算"},
		{"w: vector(n); sum(x)", "w", "f 与 w 无关"},
		{"norm2(I*x)", "x", "I 被视为变量；单位矩阵写作 eye(n) 或 I_n"},
		{"‖A‖₁", "A", "矩阵的 ‖X‖₁ 是其元素绝对值之和"},
	} {
		res, err := nabla.Differentiate(nabla.Request{Program: c.program, Wrt: []string{c.wrt}})
		if err != nil {
			if !strings.Contains(c.program, "pinv") {
				t.Errorf("%s: %v", c.program, err)
			}
			continue
		}
		d := res.Derivatives[0]
		bothLanguages(t, res.Notes, res.NotesZH)
		bothLanguages(t, d.Assumptions, d.AssumptionsZH)
		messagetest.Text(t, message.Text{En: d.Remark, Zh: d.RemarkZH})
		if said := slices.Concat(res.NotesZH, d.AssumptionsZH, []string{d.RemarkZH}); !slices.Contains(said, c.want) {
			t.Errorf("%s by %s: %q, want %s", c.program, c.wrt, said, c.want)
		}
	}
}
