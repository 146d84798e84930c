package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.com/nabla/internal/data"
)

// A fitExample is a model in examples/fit with its data, and what scikit-learn has on the
// same split: figures of scikit-learn 1.9, which TestFitExamples computes anew where
// Python has it. DATA stands for examples/data, PART for train or test.
type fitExample struct {
	name        string
	fit         string // the arguments of fit beside data
	data        string
	train, test float64
	tolerance   float64
}

var fitExamples = []fitExample{
	{"diabetes", "--fit w,b", "X=DATA/diabetes-PART.csv.gz:age..s6 y=DATA/diabetes-PART.csv.gz:progression", 0.53191, 0.44749, 2e-5},
	{"breast-cancer", "--fit w,b", "X=DATA/breast-cancer-scaled-PART.csv.gz:1..30 y=DATA/breast-cancer-scaled-PART.csv.gz:benign", 0.98904, 1, 1e-5},
	{"digits-softmax", "--fit W,b", "X=DATA/digits-PART.csv.gz:1..64 Y=DATA/digits-PART.csv.gz:is_0..is_9", 0.98401, 0.96657, 1e-3},
	// A network has many minima: scikit-learn's depends on its seed as ours does.
	{"digits-network", "--fit W1,b1,W2,b2 --size p=32 --max-iterations 300", "X=DATA/digits-PART.csv.gz:1..64 Y=DATA/digits-PART.csv.gz:is_0..is_9", 0.9944, 0.9666, 0.02},
	// Its covariances have 1/(n − 1) where those of the likelihood have 1/n.
	{"iris", "--fit u1,u2,u3,S1,S2,S3", "X=DATA/iris-PART.csv:1..4 y1=DATA/iris-PART.csv:is_setosa y2=DATA/iris-PART.csv:is_versicolor y3=DATA/iris-PART.csv:is_virginica", 0.975, 1, 1e-5},
}

const sklearn = `
import csv, gzip, json, os, sys
import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
def read(name, part, features, target):
    path = os.path.join(sys.argv[1], name % part)
    with (gzip.open(path, "rt") if path.endswith(".gz") else open(path)) as f:
        rows = list(csv.reader(f))
    a = np.array(rows[1:], float)
    return a[:, :features], a[:, rows[0].index(target)]
out = {}
for key, name, features, target, model in [
    ("diabetes", "diabetes-%s.csv.gz", 10, "progression", LinearRegression()),
    ("breast-cancer", "breast-cancer-scaled-%s.csv.gz", 30, "benign", LogisticRegression(C=1, tol=1e-8, max_iter=10000)),
    ("digits-softmax", "digits-%s.csv.gz", 64, "digit", LogisticRegression(C=1, tol=1e-8, max_iter=10000)),
    ("digits-network", "digits-%s.csv.gz", 64, "digit", MLPClassifier((32,), activation="logistic", solver="lbfgs", alpha=1, max_iter=300, random_state=0)),
    ("iris", "iris-%s.csv", 4, "species", QuadraticDiscriminantAnalysis()),
]:
    import warnings
    warnings.simplefilter("ignore")
    model.fit(*read(name, "train", features, target))
    out[key] = [model.score(*read(name, part, features, target)) for part in ("train", "test")]
json.dump(out, sys.stdout)
`

// TestFitExamples fits the models in examples/fit on the rows for training and evaluates
// them on both parts, as scikit-learn does.
func TestFitExamples(t *testing.T) {
	figures := map[string][2]float64{}
	for _, e := range fitExamples {
		figures[e.name] = [2]float64{e.train, e.test}
	}
	if py := os.Getenv("NABLA_PYTHON"); py != "" && exec.Command(py, "-c", "import sklearn").Run() == nil && !testing.Short() {
		cmd := exec.Command(py, "-c", sklearn, "../../examples/data")
		cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=2", "OPENBLAS_NUM_THREADS=2")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("scikit-learn: %v", err)
		}
		now := map[string][2]float64{}
		if err := json.Unmarshal(out, &now); err != nil {
			t.Fatal(err)
		}
		for name, f := range figures {
			if name != "digits-network" && (math.Abs(now[name][0]-f[0]) > 1e-3 || math.Abs(now[name][1]-f[1]) > 1e-3) {
				t.Errorf("%s: scikit-learn has %v, the figures here are %v", name, now[name], f)
			}
		}
		figures = now
	} else {
		t.Log("figures of scikit-learn as recorded: NABLA_PYTHON has none, or -short")
	}
	dir := t.TempDir()
	for _, e := range fitExamples {
		out := filepath.Join(dir, e.name+".npz")
		args := func(command, file, part string) []string {
			list := []string{command, "../../examples/fit/" + file}
			text := strings.NewReplacer("DATA", "../../examples/data", "PART", part).Replace(e.data)
			for _, d := range strings.Fields(text) {
				list = append(list, "--data", d)
			}
			return list
		}
		run := func(args []string) string {
			var stdout, stderr bytes.Buffer
			c := &command{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
			if status := c.run(args); status != exitOK {
				t.Fatalf("nabla %s: status %d\n%s", strings.Join(args, " "), status, stderr.String())
			}
			return stdout.String()
		}
		run(append(append(args("fit", e.name+".nb", "train"), strings.Fields(e.fit)...), "-o", out))
		by := filepath.Join(dir, e.name+"-newton.npz")
		run(append(append(args("fit", e.name+".nb", "train"), strings.Fields(e.fit)...), "--method", "newton", "-o", by))
		var least []float64
		for _, fitted := range []string{out, by} {
			file := filepath.Join(dir, "value.npy")
			run(append(args("eval", e.name+".nb", "train"), "--data", fitted, "-o", file))
			a, err := data.Open("value", file)
			if err != nil {
				t.Fatal(err)
			}
			v, _ := a.Values()
			least = append(least, v[0])
		}
		// lbfgs ends before a minimum of the network, which has others besides.
		close := 1e-6
		if e.name == "digits-network" {
			close = 0.05
		}
		if lbfgs, newton := least[0], least[1]; math.Abs(lbfgs-newton) > close*(1+math.Abs(lbfgs)) {
			t.Errorf("%s: lbfgs comes to %v, newton to %v", e.name, lbfgs, newton)
		}
		score := "-accuracy.nb"
		if e.name == "diabetes" {
			score = "-r2.nb"
		}
		for k, part := range []string{"train", "test"} {
			file := filepath.Join(dir, "score.npy")
			run(append(args("eval", e.name+score, part), "--data", out, "-o", file))
			a, err := data.Open("score", file)
			if err != nil {
				t.Fatal(err)
			}
			v, _ := a.Values()
			if d := math.Abs(v[0] - figures[e.name][k]); d > e.tolerance {
				t.Errorf("%s, %s: %.5f, scikit-learn has %.5f", e.name, part, v[0], figures[e.name][k])
			}
		}
	}
}
