// Package corpus has the published derivatives that nabla is measured with, and
// the measure of how long a formula is. Only tests and benchmarks use it.
//
// Read loads the cases; CountTokens measures a formula.
package corpus

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"
)

// A Case is one question with the formula that answers it.
type Case struct {
	ID    string            `json:"id"`
	Vars  map[string]string `json:"vars"` // declarations by name
	Expr  string            `json:"expr"`
	Wrt   string            `json:"wrt"`
	Order int               `json:"order"`
	// Layout is the layout of Expected: numerator.
	Layout string `json:"layout"`
	// Expected is a formula in the language, or nil where the answer is known
	// by numbers only.
	Expected      *string `json:"expected"`
	ExpectedNodes int     `json:"expected_nodes"` // length of Expected in tokens
	// Domain says how a variable is drawn that its declaration does not restrict:
	// "spd", "positive", "det>0", "small", …
	Domain map[string]string `json:"domain"`
	Dims   []map[string]int  `json:"dims"` // the sets of sizes to evaluate at
}

// Names returns the names of the variables, sorted.
func (c *Case) Names() []string {
	names := make([]string, 0, len(c.Vars))
	for n := range c.Vars {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// IsVariable reports whether name is declared.
func (c *Case) IsVariable(name string) bool { _, ok := c.Vars[name]; return ok }

// Read loads cases from a file with one JSON object a line.
func Read(file string) ([]Case, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var cases []Case
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c Case
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return nil, fmt.Errorf("%s, case %d: %w", file, len(cases)+1, err)
		}
		cases = append(cases, c)
	}
	return cases, lines.Err()
}
