package nabla_test

import (
	"os"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"example.com/nabla/internal/runner"
)

func TestRnd(t *testing.T) {
	lang := runner.Lang(os.Getenv("ONLYLANG"))
	first, _ := strconv.Atoi(os.Getenv("FIRST"))
	count, _ := strconv.Atoi(os.Getenv("COUNT"))
	questions := rapid.Custom(func(t *rapid.T) question { return generator{t}.question() })
	var all []*generated
	for i := first; i < first+count; i++ {
		q := questions.Example(i)
		if q.req.Wrt[0] == "η" {
			continue
		}
		g, err := randomProgram(&q)
		if err == nil {
			all = append(all, g)
		}
	}
	runGenerated(t, lang, all)
}
