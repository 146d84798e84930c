package main

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/nabla/internal/data"
)

// npy is a file of NumPy: a header of version 1 and float64 numbers.
func npy(header string, values ...float64) string {
	for (10+len(header)+1)%64 != 0 {
		header += " "
	}
	header += "\n"
	b := []byte("\x93NUMPY\x01\x00")
	b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	b = append(b, header...)
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return string(b)
}

const loss = "X: matrix(m, n); y: vector(m); l = norm2(X*w - y)^2"

// TestBadInput gives wrong data to commands and compares the whole text of the error;
// nothing is written.
func TestBadInput(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"X.csv":      "a,b\n1,2\n3,4\n5,6\n",
		"y.csv":      "y\n1\n2\n3\n",
		"y4.csv":     "y\n1\n2\n3\n4\n",
		"empty.csv":  "",
		"ragged.csv": "a,b\n1,2\n3\n5,6\n",
		"text.csv":   "a,b\n1,2\n3,four\n5,6\n",
		"nan.csv":    "a,b\n1,2\n3,nan\n5,6\n",
		"gap.csv":    "a,b\n1,2\n3,\n5,6\n",
		"none.csv":   "a,b\n",
		"noted.txt":  "hello\n",
		"index.csv":  ",a,b\n0,1,2\n1,3,4\n2,5,6\n",
		"object.npy": npy("{'descr': '|O', 'fortran_order': False, 'shape': (3,), }"),
		"short.npy":  npy("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", 1, 2),
		"rows0.npy":  npy("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 2), }"),
		"x3.npy":     npy("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 1, 2), }", 1, 2, 3, 4, 5, 6),
	} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"one.npz", "two.npz"} {
		x, err := data.New("X", []int{2, 2}, []float64{1, 2, 3, 4})
		if err == nil {
			err = data.Write(name, x)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	before, _ := filepath.Glob("*")
	w := []string{"--data", "w=zeros"}
	good := []string{"eval", loss, "w", "--data", "X=X.csv", "--data", "y=y.csv:y", "--data", "w=zeros"}
	type wrong struct {
		args []string
		want string
	}
	var fitted []wrong
	for _, c := range []wrong{
		{[]string{"eval", loss, "w", "--data", "X=X.csv", "--data", "w=zeros"},
			"nabla: no data for y: vector(m)\nhint: --data y=FILE, with FILE an npy, npz, csv, tsv or mtx file\n"},
		{append(good, "--data", "z=1"),
			"nabla: --data z=…: the expression has no variable z\nhint: it has X, y, w\n"},
		{[]string{"eval", loss, "w", "--data", "X=X.csv", "--data", "y=X.csv", "--data", "w=zeros"},
			"nabla: y is vector(m), which takes a vector; X.csv is 3 × 2\nhint: one column of the table is a vector: y=X.csv:b\n"},
		{append([]string{"eval", loss, "--data", "X=X.csv", "--data", "y=x3.npy"}, w...),
			"nabla: y is vector(m), which takes a vector; x3.npy is 3 × 1 × 2\n"},
		{append([]string{"eval", loss, "--data", "X=X.csv", "--data", "y=y4.csv:y"}, w...),
			"nabla: y must have m = 3 entries, as X has 3 rows; it has 4\nnote: X: matrix(m, n) is 3 × 2 in X.csv\nnote: y: vector(m) is 4 in y4.csv:y\n"},
		{append([]string{"eval", loss, "--data", "X=empty.csv", "--data", "y=y.csv:y"}, w...),
			"nabla: empty.csv: the file is empty\n"},
		{append([]string{"eval", loss, "--data", "X=ragged.csv", "--data", "y=y.csv:y"}, w...),
			"nabla: ragged.csv:3: 1 field, but the header in line 1 has 2\n"},
		{append([]string{"eval", loss, "--data", "X=text.csv", "--data", "y=y.csv:y"}, w...), "nabla: text.csv:3:3: \"four\" in column 2 (b) is no number\n"},
		{append([]string{"eval", loss, "--data", "X=nan.csv", "--data", "y=y.csv:y"}, w...),
			"nabla: X has NaN in row 2, column 2 (b) of nan.csv\nnote: one field of the table is missing\nhint: --allow-nan computes with it\n"},
		{append([]string{"eval", loss, "--data", "X=gap.csv", "--data", "y=y.csv:y"}, w...),
			"nabla: X has NaN in row 2, column 2 (b) of gap.csv\nnote: one field of the table is missing\nhint: --allow-nan computes with it\n"},
		{append([]string{"eval", loss, "--data", "X=none.csv", "--data", "y=y.csv:y"}, w...), "nabla: none.csv:1: 0 rows: there is nothing after the header, a, b\n"},
		{append([]string{"eval", loss, "--data", "X=noted.txt", "--data", "y=y.csv:y"}, w...), "nabla: noted.txt: unknown format: npy, npz, csv, tsv and mtx are read, the last three also with .gz\n"},
		{append([]string{"eval", loss, "--data", "X=X.csv", "--data", "y=object.npy"}, w...), "nabla: object.npy: the array holds Python objects (dtype object), not numbers\nhint: in Python, numpy.save(FILE, X.astype(float)) writes numbers\n"},
		{append([]string{"eval", loss, "--data", "X=X.csv", "--data", "y=short.npy"}, w...), "nabla: short.npy: truncated: numbers of shape 3 and type float64 take 24 bytes after the header, there are 16\n"},
		{append([]string{"eval", loss, "--data", "X=rows0.npy", "--data", "y=y.csv:y"}, w...), "nabla: rows0.npy: 0 rows: the shape is 0 × 2\n"},
		{append([]string{"eval", loss, "--data", "X=missing.npy", "--data", "y=y.csv:y"}, w...),
			"nabla: missing.npy: there is no such file\n"},
		{append([]string{"eval", loss, "--data", "X=X.csv:a,q", "--data", "y=y.csv:y"}, w...), "nabla: X.csv: there is no column q: the header has a and b\n"},
		{append([]string{"eval", loss, "--data", "X.csv", "--data", "y=y.csv:y"}, w...),
			"nabla: which variable X.csv has the data of is not said\nhint: --data NAME=X.csv; an npz file names its arrays\n"},
		{[]string{"eval", loss, "--data", "X=zeros", "--data", "y=y.csv:y", "--data", "w=zeros"},
			"nabla: the size n is not known: no data show it\nnote: X: matrix(m, n)\nhint: --size n=N\n"},
		{[]string{"eval", "x'*inv(A)*x", "A", "--data", "x=ones", "--data", "A=[1, 2; 2, 4]"},
			"nabla: A is singular: its condition number is infinite\n"},
		{[]string{"eval", "x'*inv(A + C)*x", "--data", "C=zeros", "--data", "x=ones", "--data", "A=[1, 1; 1, 1.0000000000000002]"},
			"nabla: A + C is singular to rounding: its condition number is about 2e+16\n"},
		{[]string{"eval", "X: matrix(m, n); inv(X'*X)*X'*y", "--data", "X=[1, 1; 2, 2; 3, 3]", "--data", "y=[1, 2, 3]"},
			"nabla: X'*X is singular: its condition number is infinite\n"},
		{[]string{"eval", "X: matrix(m, n); inv(X'*X)*X'*y", "--data", "X=[1, 1; 2, 2; 3, 3.00000001]", "--data", "y=[1, 2, 3]"},
			"nabla: X'*X is singular to rounding: its condition number is about 3e+16\n"},
		{[]string{"eval", "pinv(X)*y", "--data", "X=[1, 0; 2, 0; 3, 0]", "--data", "y=[1, 2, 3]"},
			"nabla: X has not full rank: its condition number is infinite\n"},
		{[]string{"eval", "A: matrix(n, n) symmetric; x'*inv(A)*x", "--data", "x=[1, 2]", "--data", "A=[1, 2; 2, 4]"},
			"nabla: A is singular: its condition number is infinite\n"},
		{[]string{"eval", "2*c", "--var", "c: scalar", "--data", "c=1e400"},
			"nabla: c=1e400: it is too large for float64\nhint: a vector is written [1, 2, 3], a matrix [1, 2; 3, 4]\n"},
		{[]string{"eval", "x'*x", "--data", "x=[1, -1e999]"},
			"nabla: x=[1, -1e999]: -1e999 is too large for float64\nhint: a vector is written [1, 2, 3], a matrix [1, 2; 3, 4]\n"},
		{[]string{"eval", "X*y", "--data", "one.npz", "--data", "two.npz"},
			"nabla: X is given twice: one.npz:X and two.npz:X\nhint: --data X=FILE says which\n"},
		{append([]string{"eval", loss, "--data", "X=index.csv:2..", "--data", "y=y.csv:1"}, "--data", "w=[1, 2, 3]"),
			"nabla: w must have n = 2 entries, as X has 2 columns; it has 3\nnote: X: matrix(m, n) is 3 × 2 in index.csv:2..\nnote: w: vector(n) is 3 in [1, 2, 3]\n"},
		{[]string{"eval", "S: matrix(n, n) posdef; l = logdet(S)", "--data", "S=[1, 2; 2, 1]"},
			"nabla: S is not positive definite: its leading minor of order 2 is not positive\n"},
		{[]string{"eval", "p = x - 1; l = sum(log(p))", "--data", "x=[2, 1, 3]"},
			"nabla: l has infinity\nnote: infinity first arises in entry 2 of log(p), where p is 0; it is computed from x\nhint: --allow-nan prints and writes it all the same\n"},
		{[]string{"eval", "sum(sqrt(X))", "X", "--data", "X=[1, 4; -9, 16]"},
			"nabla: f has NaN\nnote: NaN first arises in entry (2, 1) of sqrt(X), where X is -9; it is computed from X\nhint: --allow-nan prints and writes it all the same\n"},
		{[]string{"eval", "A: matrix(n, n) symmetric; tr(A*A)", "--data", "A=[1, 2; 3, 1]"},
			"nabla: A is declared symmetric, but in [1, 2; 3, 1] row 1, column 2 is 2, row 2, column 1 is 3\nhint: without facts it is declared A: matrix(n, n)\n"},
		{[]string{"eval", "y: vector(n) positive; sum(abs(y))", "--data", "y=[1, -2]"},
			"nabla: y is declared positive, but in [1, -2] entry 2 is -2\nhint: without facts it is declared y: vector(n)\n"},
		{[]string{"fit", "y: vector(n) positive; sum((abs(y) - x).^2)", "--data", "y=[1, -2]", "--fit", "x"},
			"nabla: y is declared positive, but in [1, -2] entry 2 is -2\nhint: without facts it is declared y: vector(n)\n"},
		{[]string{"fit", "X: matrix(m, n); X*w", "--data", "X=X.csv", "--fit", "w"},
			"nabla: what is minimised must be a scalar; the expression is m × 1\nhint: norm2(…)^2 and sum(…) are scalars\n"},
		{[]string{"eval", "x'*x", "--data", "x=zeros", "--size", "n=99999999999999"},
			"nabla: x=zeros does not fit into memory: 99999999999999 entries take 800 TB\n"},
		{append(good, "--stream", "k"), "nabla: cannot go through the samples block by block: no variable has an axis of size k\n"},
		{append(good, "-o", "none/r.npz"), "nabla: none/r.npz: there is no directory none\n"},
		{append(good, "-o", "r.npy"), "nabla: r.npy: 2 arrays cannot be written to one npy file\nhint: an npz file takes several\n"},
		{append(good, "-o", "r.json"), "nabla: r.json: unknown format: npy, npz, csv, tsv and mtx are written, the last three also with .gz\n"},
		{[]string{"eval", "2*X", "--data", "X=X.csv", "-o", "./X.csv"},
			"nabla: ./X.csv: the results would overwrite an input, X.csv\nhint: name another file after -o\n"},
		{[]string{"eval", "none.nb"}, "nabla: cannot read none.nb: no such file\n"},
	} {
		var stdout, stderr bytes.Buffer
		cmd := &command{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
		if status := cmd.run(c.args); status != exitInput || stderr.String() != c.want || stdout.Len() > 0 {
			t.Errorf("nabla %s: status %d, printed %q\n%s%q", strings.Join(c.args, " "), status, stdout.String(), stderr.String(), stderr.String())
		}
		if last := len(c.args) - 1; c.args[0] == "eval" && c.args[1] == loss && c.args[last] == "w=zeros" && !slices.Contains(c.args, "X=zeros") {
			args := slices.DeleteFunc(append([]string{"fit"}, c.args[1:last-1]...), func(s string) bool { return s == "w" })
			c.args = append(args, "--fit", "w", "-o", "w.npy")
			fitted = append(fitted, c)
		}
	}
	// What is wrong with data is said by fit as it is by eval.
	for _, c := range fitted {
		var stdout, stderr bytes.Buffer
		cmd := &command{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
		if status := cmd.run(c.args); status != exitInput || stderr.String() != c.want || stdout.Len() > 0 {
			t.Errorf("nabla %s: status %d, printed %q\n%s\nwant %s", strings.Join(c.args, " "), status, stdout.String(), stderr.String(), c.want)
		}
	}
	if len(fitted) < 12 {
		t.Errorf("%d cases are fitted", len(fitted))
	}
	if after, _ := filepath.Glob("*"); len(after) != len(before) {
		t.Errorf("files before %v, after %v", before, after)
	}
	if hidden, _ := filepath.Glob(".*"); len(hidden) > 0 {
		t.Errorf("left behind: %v", hidden)
	}
	if _, err := data.Open("X", "X.csv"); err != nil {
		t.Error(err)
	}
}

// TestNoMemory asks for results that no memory holds.
func TestNoMemory(t *testing.T) {
	for _, args := range [][]string{
		{"eval", "sum(exp(x))", "x", "--what", "hess", "--data", "x=random", "--size", "n=4000000"},
		{"eval", "x*x'", "--var", "x: vector(n)", "--data", "x=random", "--size", "n=4000000"},
	} {
		var stdout, stderr bytes.Buffer
		c := &command{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
		status := c.run(args)
		if got := stderr.String(); status != exitInput || !strings.Contains(got, " does not fit into memory: 4000000 × 4000000 entries take 128 TB, ") || stdout.Len() > 0 {
			t.Errorf("nabla %s: status %d, %q", strings.Join(args, " "), status, got)
		}
	}
}

// TestNoRoom writes where there is no room: an error, and a status that is not 0.
func TestNoRoom(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no /dev/full")
	}
	t.Chdir(t.TempDir())
	if err := os.Symlink("/dev/full", "full.npy"); err != nil {
		t.Fatal(err)
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	model := []string{"c*x", "--var", "x: vector(n)", "--data", "x=[1, 2]", "--data", "c=2"}
	minimum := []string{"norm2(x - c)^2", "--var", "c: vector(n)", "--fit", "x", "--data", "c=[1, 2]"}
	for _, args := range [][]string{append([]string{"eval"}, model...), append([]string{"fit"}, minimum...)} {
		var stdout, stderr bytes.Buffer
		c := &command{stdin: strings.NewReader(""), stdout: full, stderr: &stderr}
		if status := c.run(args); status != exitInput || !strings.HasSuffix(stderr.String(), "no space left on device\n") {
			t.Errorf("nabla %s to a full device: status %d, %q", strings.Join(args, " "), status, stderr.String())
		}
		stderr.Reset()
		c.stdout = &stdout
		if status := c.run(append(args, "-o", "full.npy")); status != exitInput || stderr.String() != "nabla: full.npy: no space left on device\n" || stdout.Len() > 0 {
			t.Errorf("nabla %s -o full.npy: status %d, %q, %q", strings.Join(args, " "), status, stderr.String(), stdout.String())
		}
		stderr.Reset()
		if status := c.run(append(args, "-o", "")); status != exitUsage || !strings.Contains(stderr.String(), "-o: names a file") {
			t.Errorf("nabla %s -o '': status %d, %q", strings.Join(args, " "), status, stderr.String())
		}
	}
	if list, _ := os.ReadDir("."); len(list) != 1 {
		t.Errorf("left behind: %v", list)
	}
}
