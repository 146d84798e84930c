package runner

import (
	"strings"
	"testing"
)

func TestOctaveOnly(t *testing.T) {
	tests := []struct{ line, want string }{
		{"x = A' * B.' - C(:)' + [1 2]' .* {3}'; % don't", ""},
		{"s = ['a' 'b'' # c' \"\"];", `1:20: MATLAB has no text in " of one meaning in both`},
		{"error('a %d != b', x); y = {'#', \"no\"}", `1:34: MATLAB has no text in " of one meaning in both`},
		{"x += 1; y -= 2", "1:3: MATLAB has no +=; 1:11: MATLAB has no -="},
		{"if a != b, c = !d; endif", "1:6: MATLAB has no !=; 1:16: MATLAB has no !; 1:20: MATLAB has no endif"},
		{"y = f(x)(2) + [1 2](1) + a{3}(4) + (b)' (c)", "1:9: MATLAB has no index behind ); 1:20: MATLAB has no index behind ]"},
		{"y = x ** 2; i++; z = x.rows + rows(x); # end", "1:7: MATLAB has no **; 1:14: MATLAB has no ++; 1:31: MATLAB has no rows; 1:40: MATLAB has no comment with #"},
		{"x = 1e+3 + 2.5E-1; a = [1 -2]; y = ...", ""},
		{"%{\n x += 1\n%}\ny = x';\n", ""},
		{"printf('a')\n  do", "1:1: MATLAB has no printf; 2:3: MATLAB has no do"},
	}
	for _, c := range tests {
		if got := strings.Join(octaveOnly(c.line), "; "); got != c.want {
			t.Errorf("%s\n  %q, not\n  %q", c.line, got, c.want)
		}
	}
}
