package nabla_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"example.com/nabla"
)

// answers are what the functions say, as text without times.
var answers = []struct {
	name string
	ask  func(r nabla.Request) (string, error)
}{
	{"differentiate", func(r nabla.Request) (string, error) {
		res, err := nabla.Differentiate(r)
		if err != nil {
			return "", err
		}
		text := fmt.Sprint(res.Expression, res.Variables, res.Definitions)
		for _, d := range res.Derivatives {
			text += fmt.Sprint(d.Symbol, d.Text, d.LaTeX, d.NumPy, d.Where, d.Assumptions)
			if d.Check != nil {
				text += fmt.Sprint(d.Check.Reason, d.Check.Points, d.Check.Sizes, d.Check.MaxError)
			}
		}
		return text, nil
	}},
	{"derive", func(r nabla.Request) (string, error) {
		d, err := nabla.Derive(nabla.DeriveRequest{Request: r, Instance: true})
		if err != nil {
			return "", err
		}
		return d.Text(nabla.PaperOptions{}), nil
	}},
	{"verify", func(r nabla.Request) (string, error) {
		v, err := nabla.Verify(nabla.VerifyRequest{Program: r.Program, Vars: r.Vars, Closed: r.Closed, Wrt: r.Wrt[0], Claim: "2*" + r.Wrt[0], Limits: r.Limits})
		if err != nil {
			return "", err
		}
		return fmt.Sprint(v.Equal, v.Kind, v.Message, v.Claimed, v.True, v.Counterexample != nil), nil
	}},
	{"solve", func(r nabla.Request) (string, error) {
		s, err := nabla.Solve(nabla.SolveRequest{Program: r.Program, Vars: r.Vars, Closed: r.Closed, For: r.Wrt[:1], Limits: r.Limits})
		if err != nil {
			return "", err
		}
		return fmt.Sprint(s.Outcome, s.Solutions, s.Conditions, s.Remarks, s.Kind), nil
	}},
	{"curvature", func(r nabla.Request) (string, error) {
		c, err := nabla.Curvature(nabla.ConvexRequest{Program: r.Program, Vars: r.Vars, Closed: r.Closed, Wrt: r.Wrt[:1], Limits: r.Limits})
		if err != nil {
			return "", err
		}
		return fmt.Sprint(c.Curvature, c.Verdicts, c.Expression), nil
	}},
	{"graph", func(r nabla.Request) (string, error) {
		g, err := nabla.Graph(nabla.GraphRequest{Request: r})
		if err != nil {
			return "", err
		}
		text := g.Expression
		for _, n := range g.Nodes {
			text += fmt.Sprint(n.Name, n.Formula, n.Expanded)
			if n.Adjoint != nil {
				text += fmt.Sprint(n.Adjoint.Formula)
			}
		}
		return text, nil
	}},
	{"generate", func(r nabla.Request) (string, error) {
		files, err := nabla.Generate(nabla.GenerateRequest{Language: "julia", ProgramRequest: nabla.ProgramRequest{Request: r}})
		return fmt.Sprint(files), err
	}},
}

// A request that was broken off anywhere leaves nothing behind: the same request without
// limits gives the answer that it gave before. Several run at one time, since they share
// pools.
func TestBrokenOffAnywhere(t *testing.T) {
	const workers = 3
	cases := readCorpus(t)
	step := 7
	if testing.Short() {
		step = 40
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	stopped := map[string]int{}
	for w := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			rng := rand.New(rand.NewPCG(uint64(w), 5))
			for i := w; i < len(cases); i += step * workers {
				r := request(&cases[i])
				if len(r.Wrt) == 0 {
					continue
				}
				for _, a := range answers {
					begin := time.Now()
					want, wantErr := a.ask(r)
					took := time.Since(begin)
					for range 3 {
						limited := r
						cut := time.Duration(rng.Int64N(int64(took) + 1))
						limited.Limits = nabla.Limits{Context: untold{context.Background(), time.Now().Add(cut)}}
						if rng.IntN(3) == 0 {
							limited.Limits = nabla.Limits{Memory: 1 + rng.Int64N(1<<20)}
						}
						got, err := a.ask(limited)
						if errors.As(err, new(*nabla.LimitError)) {
							mu.Lock()
							stopped[a.name]++
							mu.Unlock()
						} else if got != want || fmt.Sprint(err) != fmt.Sprint(wantErr) {
							t.Errorf("%s, %s within limits: got %.300s, %v, want %.300s, %v", cases[i].ID, a.name, got, err, want, wantErr)
						}
					}
					got, err := a.ask(r)
					if got != want || fmt.Sprint(err) != fmt.Sprint(wantErr) {
						t.Errorf("%s, %s after requests that were broken off: got %.300s, %v, want %.300s, %v", cases[i].ID, a.name, got, err, want, wantErr)
					}
				}
			}
		}()
	}
	wg.Wait()
	for _, a := range answers {
		if stopped[a.name] < 5 {
			t.Errorf("%s was broken off %d times, which shows little", a.name, stopped[a.name])
		}
	}
	t.Log(stopped)
}
