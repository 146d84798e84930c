package runner

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A driver, one for each language, is called with a folder, the first and the last job to run and the
// file to append results to. Job k has the folder k with
//
//	job      NAME, number of results, check (0 or 1), float32 (0 or 1), via
//	args     the number of points, the number of arguments of each, the arguments
//	source.… and whatever else the language needs
//
// Both files are words between blanks. An argument is a letter with numbers:
//
//	S x    I n    V n x…    M rows cols x…    L count rows cols x…    F amp a b e c
//
// The driver writes lines:
//
//	J k                     job k begins
//	E text                  the job cannot be run
//	P                       a point begins
//	V type rank sizes… x…   a result, the last index fastest
//	X text                  the function raised
//	C x                     the check returned
//	Y text                  the check raised
//	D                       the job has ended
//
// In a text, a backslash is written \\ and a line feed \n.

// writeJob writes the folder of a job, with its source under the given name.
func writeJob(dir string, j *Job, source string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	via := j.Via
	if via == Plain {
		via = "plain"
	}
	var args bytes.Buffer
	fmt.Fprintf(&args, "%d %d\n", len(j.Points), len(j.Points[0]))
	for _, p := range j.Points {
		for _, a := range p {
			writeArg(&args, a)
		}
	}
	for _, f := range []struct{ name, text string }{
		{"job", fmt.Sprintf("%s %d %d %d %s\n", j.Func, len(j.Ranks), bit(j.Check), bit(j.Float32), via)},
		{"args", args.String()},
		{source, j.Source},
	} {
		if err := os.WriteFile(filepath.Join(dir, f.name), []byte(f.text), 0o666); err != nil {
			return err
		}
	}
	return nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func writeArg(b *bytes.Buffer, a Arg) {
	numbers := a.Value.Data
	b.WriteByte("SIVMLF"[a.Kind])
	if a.Kind == Func {
		f := a.Function
		numbers = []float64{f.Amp, f.A, f.B, f.E, f.C}
	}
	for _, n := range a.Value.Shape {
		fmt.Fprintf(b, " %d", n)
	}
	for _, x := range numbers {
		b.WriteByte(' ')
		b.WriteString(strconv.FormatFloat(x, 'g', -1, 64))
	}
	b.WriteByte('\n')
}

// A transcript is what a driver wrote of one job.
type transcript struct {
	Outcome
	types [][]string // of each result at each point
	begun bool
	ended bool
}

// readTranscripts reads what a driver wrote into the transcripts of all jobs. A line that
// is cut off at the end is left out.
func readTranscripts(text string, jobs []transcript) error {
	var t *transcript
	var r *Result
	for text != "" {
		line, rest, whole := strings.Cut(text, "\n")
		if !whole {
			break
		}
		text = rest
		kind, arg, _ := strings.Cut(line, " ")
		if kind == "J" {
			k, err := strconv.Atoi(arg)
			if err != nil || k < 0 || k >= len(jobs) {
				return fmt.Errorf("no job %q", arg)
			}
			t, r = &jobs[k], nil
			t.begun = true
			continue
		}
		if t == nil || r == nil && strings.Contains("VXCY", kind) {
			return fmt.Errorf("out of place: %.80q", line)
		}
		switch kind {
		case "E":
			t.Err = unescape(arg)
		case "P":
			t.Points = append(t.Points, Result{})
			t.types = append(t.types, nil)
			r = &t.Points[len(t.Points)-1]
		case "V":
			v, dtype, err := readValue(strings.Fields(arg))
			if err != nil {
				return fmt.Errorf("%w: %.80q", err, line)
			}
			r.Values = append(r.Values, v)
			last := len(t.types) - 1
			t.types[last] = append(t.types[last], dtype)
		case "X":
			r.Err = unescape(arg)
			r.Values = nil
		case "C":
			x, err := parse(arg)
			if err != nil {
				return err
			}
			r.Check = x
		case "Y":
			r.CheckErr = unescape(arg)
		case "D":
			t.ended = true
		default:
			return fmt.Errorf("unknown line %.80q", line)
		}
	}
	return nil
}

func readValue(words []string) (v Value, dtype string, err error) {
	if len(words) < 2 {
		return v, "", fmt.Errorf("a result without a shape")
	}
	dtype = words[0]
	rank, err := strconv.Atoi(words[1])
	words = words[2:]
	if err != nil || rank < 0 || len(words) < rank {
		return v, "", fmt.Errorf("a result without a shape")
	}
	for _, w := range words[:rank] {
		n, err := strconv.Atoi(w)
		if err != nil {
			return v, "", err
		}
		v.Shape = append(v.Shape, n)
	}
	for _, w := range words[rank:] {
		x, err := parse(w)
		if err != nil {
			return v, "", err
		}
		v.Data = append(v.Data, x)
	}
	if len(v.Data) != v.size() {
		return v, "", fmt.Errorf("a result with %d entries", len(v.Data))
	}
	return v, dtype, nil
}

// parse reads a number as any of the languages writes it.
func parse(s string) (float64, error) {
	switch s {
	case "-nan", "NA":
		return math.NaN(), nil
	}
	return strconv.ParseFloat(s, 64)
}

var unescaper = strings.NewReplacer(`\\`, `\`, `\n`, "\n")

func unescape(s string) string { return unescaper.Replace(s) }

// finish turns the transcript of a job into its outcome: results have the ranks and the
// type that the job asks for, and there is one for each point.
func (t *transcript) finish(lang Lang, j *Job) Outcome {
	o := t.Outcome
	o.ID = j.ID
	if o.Err != "" || !lang.Runs() && j.Via != Values {
		return o
	}
	for i := range o.Points {
		r := &o.Points[i]
		if r.Err != "" {
			continue
		}
		if len(r.Values) != len(j.Ranks) {
			r.Err = fmt.Sprintf("%d results, not %d", len(r.Values), len(j.Ranks))
			continue
		}
		for k, v := range r.Values {
			if want := dtype(j); t.types[i][k] != want && t.types[i][k] != "number" {
				r.Err = fmt.Sprintf("result %d has type %s, not %s", k+1, t.types[i][k], want)
				break
			}
			shaped, ok := reshape(lang, v, j.Ranks[k])
			if !ok {
				r.Err = fmt.Sprintf("result %d has shape %s, not that of a %s", k+1, v.shape(), rankNames[j.Ranks[k]])
				break
			}
			r.Values[k] = shaped
		}
		if r.Err != "" {
			r.Values = nil
		}
	}
	if len(o.Points) != len(j.Points) {
		o.Err = fmt.Sprintf("ran at %d of %d points", len(o.Points), len(j.Points))
	}
	return o
}

var rankNames = []string{"scalar", "vector", "matrix", "list of matrices"}

// dtype names the type of the numbers of a job; a driver writes "number" for what has no
// type of its own, such as a float of Python.
func dtype(j *Job) string {
	if j.Float32 {
		return "float32"
	}
	return "float64"
}

// reshape gives a result its rank where the language tells fewer ranks apart: MATLAB has
// matrices only, and R no scalars.
func reshape(lang Lang, v Value, rank int) (Value, bool) {
	switch {
	case len(v.Shape) == rank:
		return v, true
	case lang == R && rank == 0 && slices.Equal(v.Shape, []int{1}),
		lang == MATLAB && rank == 0 && slices.Equal(v.Shape, []int{1, 1}):
		return Value{Data: v.Data}, true
	case lang == MATLAB && rank == 1 && len(v.Shape) == 2 && v.Shape[1] == 1:
		return Value{Shape: v.Shape[:1], Data: v.Data}, true
	case lang == MATLAB && rank == 3 && len(v.Shape) == 2:
		return Value{Shape: []int{1, v.Shape[0], v.Shape[1]}, Data: v.Data}, true
	}
	return v, false
}
