package runner

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestTranscript(t *testing.T) {
	jobs := make([]transcript, 3)
	text := "J 1\nP\nV float64 0 -nan\nV float64 2 1 2 Inf 1e-300\nC 1e-9\nP\nV float32 1 0\nX a\\nb\\\\n\nY c\nD\nJ 2\nE d\nD\nJ 0\nP\nV float64 1 2 3"
	if err := readTranscripts(text, jobs); err != nil {
		t.Fatal(err)
	}
	if j := jobs[0]; !j.begun || j.ended || len(j.Points) != 1 || len(j.Points[0].Values) != 0 {
		t.Errorf("cut off: %+v", j)
	}
	if j := jobs[2]; !j.ended || j.Err != "d" {
		t.Errorf("error: %+v", j)
	}
	j := jobs[1]
	if !j.ended || len(j.Points) != 2 {
		t.Fatalf("%+v", j)
	}
	if v := j.Points[0].Values; len(v) != 2 || !math.IsNaN(v[0].Data[0]) || !reflect.DeepEqual(v[1], Value{Shape: []int{1, 2}, Data: []float64{math.Inf(1), 1e-300}}) {
		t.Errorf("values %v", v)
	}
	if p := j.Points[0]; p.Check != 1e-9 || p.Err != "" || p.CheckErr != "" {
		t.Errorf("first point: %+v", p)
	}
	if p := j.Points[1]; p.Err != "a\nb\\n" || p.CheckErr != "c" || p.Values != nil {
		t.Errorf("second point: %+v", p)
	}
	for _, bad := range []string{"P\n", "J 3\n", "J 0\nV float64 0 1\n", "J 0\nP\nV float64 1 2 3\n", "J 0\nP\nV float64\n", "J 0\nP\nV float64 0 x\n", "J 0\nQ\n"} {
		if err := readTranscripts(bad, make([]transcript, 1)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func TestWriteArg(t *testing.T) {
	var b bytes.Buffer
	j, _ := kinds(t, NumPy)
	for _, a := range append(j.Points[1], MatrixArg("E", 0, 3), VectorArg("x", math.NaN(), math.Inf(-1))) {
		writeArg(&b, a)
	}
	want := "S -1.5\nI 3\nV 1 0.3333333333333333\nM 1 1 -1.5\nL 1 2 3 0 0.25 0.5 0.75 1 1.25\nF 2 0.5 1 -1 0.25\nM 0 3\nV 2 NaN -Inf\n"
	if got := b.String(); got != want {
		t.Errorf("%s\n%s", got, strings.TrimSpace(want))
	}
}

// TestProblem sees jobs refused that no language could run.
func TestProblem(t *testing.T) {
	good := leastSquares(t, MATLAB)
	change := func(f func(j *Job)) Job {
		j := good
		f(&j)
		return j
	}
	tests := []struct {
		job  Job
		want string
	}{
		{good, ""},
		{change(func(j *Job) { j.Func = "" }), "the job names no function"},
		{change(func(j *Job) { j.Ranks = nil }), "the job has no results"},
		{change(func(j *Job) { j.Points = nil }), "the job has no points"},
		{change(func(j *Job) { j.CheckSource = "" }), "the job has no source of a check"},
		{change(func(j *Job) { j.Via = Jit }), "matlab has no jit"},
		{change(func(j *Job) { j.Points = [][]Arg{{ScalarArg("a", 1)}, {IntegerArg("a", 1)}} }), "the points have different kinds of arguments"},
		{change(func(j *Job) { j.Points = [][]Arg{{MatrixArg("A", 2, 2, 1, 2, 3)}} }), "A has 3 entries, not 4"},
	}
	for _, c := range tests {
		if got := c.job.problem(MATLAB); got != c.want {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
}
