package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// figures are what differs from run to run: times and rounding errors.
var figures = regexp.MustCompile(`("(?:seconds|max_error)": ?)[-+.0-9e]+`)

// rounding is what a derivation says of its errors.
var rounding = regexp.MustCompile(`(largest relative error is )[0-9.]+×10[⁻⁰¹²³⁴-⁹]+`)

// Each command in docs/api.md is run against a server that listens, and what stands below
// it is what it answers. The words of curl and jq that the document uses are understood
// here, so that the test needs neither.
func TestDocument(t *testing.T) {
	file := filepath.Join("..", "..", "docs", "api.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	addr, _ := listening(t, New(loopback, Config{}))
	var out strings.Builder
	asked := map[string]bool{}
	console, skip := false, false
	for line := range strings.Lines(string(text)) {
		switch {
		case strings.HasPrefix(line, "```"):
			console, skip = strings.TrimSpace(line) == "```console", false
			out.WriteString(line)
		case console && strings.HasPrefix(line, "$ curl "):
			skip = true
			out.WriteString(line)
			words, err := shellWords(strings.TrimSpace(line[2:]))
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			answer, path, err := curl(words, addr)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			asked[path] = true
			answer = figures.ReplaceAllString(strings.TrimRight(answer, "\n"), "${1}1e-3")
			out.WriteString(rounding.ReplaceAllString(answer, "${1}3×10⁻¹¹") + "\n")
		case !skip:
			out.WriteString(line)
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if out.String() != string(text) {
		t.Errorf("docs/api.md is not what the server answers: go test ./internal/server -run TestDocument -update\n%s", differ(string(text), out.String()))
	}
	for path := range newValidator(t).root["paths"].(map[string]any) {
		if !asked[path] && path != "/metrics" && path != "/api/v1/openapi.json" {
			t.Errorf("no example for %s", path)
		}
	}
}

// shellWords splits a command line; quotes are single ones.
func shellWords(line string) (words []string, err error) {
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimLeft(line, " ") {
		word := line
		if quoted, ok := strings.CutPrefix(line, "'"); ok {
			end := strings.IndexByte(quoted, '\'')
			if end < 0 {
				return nil, fmt.Errorf("a quote does not end")
			}
			word, line = quoted[:end], quoted[end+1:]
		} else {
			word, line, _ = strings.Cut(line, " ")
		}
		words = append(words, word)
	}
	return words, nil
}

// curl runs curl [--json DATA | -d DATA] URL [| jq [-r] [FILTER]] with the server at addr,
// and returns what is printed and the path that was asked.
func curl(words []string, addr string) (printed, path string, err error) {
	method, kind, body := "GET", "", ""
	i := 1
	for ; i < len(words) && words[i] != "|"; i++ {
		switch w := words[i]; {
		case (w == "--json" || w == "-d") && i+1 < len(words):
			i++
			method, kind, body = "POST", "application/json", words[i]
			if w == "-d" {
				kind = "application/x-www-form-urlencoded"
			}
		case strings.HasPrefix(w, "http://127.0.0.1:8765/"):
			path = strings.TrimPrefix(w, "http://127.0.0.1:8765")
		default:
			return "", "", fmt.Errorf("%s is not understood", w)
		}
	}
	req, err := http.NewRequest(method, "http://"+addr+path, strings.NewReader(body))
	if err != nil {
		return "", "", err
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", "", err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil || i == len(words) {
		return string(data), path, err
	}
	if words[i+1] != "jq" {
		return "", "", fmt.Errorf("%s is not understood", words[i+1])
	}
	printed, err = jq(data, words[i+2:])
	return printed, path, err
}

// step is a part of a filter: .name, [0] or [].
var step = regexp.MustCompile(`^(?:\.([a-z_]+)|\[(\d*)\]|\.$)`)

// jq prints the values at the paths of a filter.
func jq(data []byte, words []string) (string, error) {
	raw, filter := false, "."
	for _, w := range words {
		if w == "-r" {
			raw = true
		} else {
			filter = w
		}
	}
	var out strings.Builder
	for one := range strings.SplitSeq(filter, ",") {
		values := []json.RawMessage{data}
		for rest := strings.TrimSpace(one); rest != ""; {
			m := step.FindStringSubmatch(rest)
			if m == nil {
				return "", fmt.Errorf("%s is not understood", rest)
			}
			rest = rest[len(m[0]):]
			var next []json.RawMessage
			for _, v := range values {
				var members map[string]json.RawMessage
				var items []json.RawMessage
				switch {
				case m[0] == ".":
					next = append(next, v)
					continue
				case m[1] != "":
					if err := json.Unmarshal(v, &members); err != nil || members[m[1]] == nil {
						return "", fmt.Errorf("nothing at %s: %.100s", m[0], v)
					}
					next = append(next, members[m[1]])
					continue
				}
				if err := json.Unmarshal(v, &items); err != nil {
					return "", err
				}
				if m[2] != "" {
					n, err := strconv.Atoi(m[2])
					if err != nil || n >= len(items) {
						return "", fmt.Errorf("nothing at %s", m[0])
					}
					items = items[n : n+1]
				}
				next = append(next, items...)
			}
			values = next
		}
		for _, v := range values {
			var text string
			if raw && json.Unmarshal(v, &text) == nil {
				out.WriteString(strings.TrimRight(text, "\n") + "\n")
				continue
			}
			var b bytes.Buffer
			if err := json.Indent(&b, v, "", "  "); err != nil {
				return "", err
			}
			out.WriteString(strings.TrimSpace(b.String()) + "\n")
		}
	}
	return out.String(), nil
}
