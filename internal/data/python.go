package data

import (
	"errors"
	"fmt"
	"strings"
)

// What a Python literal is read as, besides string, bool and nil.
type (
	pyInt   string // the digits, of any length
	pyTuple []any
	pyList  []any
	pyDict  []pyItem
)

type pyItem struct{ key, value any }

// deepest bounds the brackets in brackets of a literal.
const deepest = 32

// parsePython reads one Python literal at the start of text: strings, integers, True,
// False, None, tuples, lists and dicts, which is what headers of npy files have. It
// returns what follows, without the blanks before it.
func parsePython(text string, depth int) (value any, rest string, err error) {
	if depth > deepest {
		return nil, text, errors.New("it has too many brackets in brackets")
	}
	if text == "" {
		return nil, text, errors.New("it ends within the dict")
	}
	switch c := text[0]; {
	case c == '\'' || c == '"':
		end := strings.IndexByte(text[1:], c)
		if end < 0 || strings.ContainsAny(text[1:1+end], "\\\n") {
			return nil, text, errors.New("it has a string that does not end")
		}
		return text[1 : 1+end], blanks(text[end+2:]), nil
	case c == '-' || c >= '0' && c <= '9':
		end := 1
		for end < len(text) && text[end] >= '0' && text[end] <= '9' {
			end++
		}
		digits := text[:end]
		if digits == "-" {
			return nil, text, errors.New("it has a sign without a number")
		}
		return pyInt(digits), blanks(strings.TrimPrefix(text[end:], "L")), nil // Python 2 writes 3L
	case c == '(':
		list, commas, rest, err := parseItems(text[1:], ')', depth)
		if err == nil && len(list) == 1 && commas == 0 {
			return list[0], rest, nil
		}
		return pyTuple(list), rest, err
	case c == '[':
		list, _, rest, err := parseItems(text[1:], ']', depth)
		return pyList(list), rest, err
	case c == '{':
		return parseDict(blanks(text[1:]), depth)
	}
	for _, w := range []struct {
		text  string
		value any
	}{{"True", true}, {"False", false}, {"None", nil}} {
		if rest, ok := strings.CutPrefix(text, w.text); ok {
			return w.value, blanks(rest), nil
		}
	}
	r := []rune(text)
	return nil, text, fmt.Errorf("it is no Python dict at %q", string(r[:min(len(r), 12)]))
}

func blanks(s string) string { return strings.TrimLeft(s, " \t\r\n") }

func parseItems(text string, end byte, depth int) (list []any, commas int, rest string, err error) {
	text = blanks(text)
	for {
		if text != "" && text[0] == end {
			return list, commas, blanks(text[1:]), nil
		}
		var v any
		if v, text, err = parsePython(text, depth+1); err != nil {
			return nil, 0, text, err
		}
		list = append(list, v)
		if rest, ok := strings.CutPrefix(text, ","); ok {
			text = blanks(rest)
			commas++
		} else if text == "" || text[0] != end {
			return nil, 0, text, fmt.Errorf("it lacks a %q", string(end))
		}
	}
}

func parseDict(text string, depth int) (pyDict, string, error) {
	var dict pyDict
	for {
		if rest, ok := strings.CutPrefix(text, "}"); ok {
			return dict, blanks(rest), nil
		}
		key, rest, err := parsePython(text, depth+1)
		if err != nil {
			return nil, text, err
		}
		after, ok := strings.CutPrefix(rest, ":")
		if !ok {
			return nil, text, errors.New("it has a key without a value")
		}
		var value any
		if value, text, err = parsePython(blanks(after), depth+1); err != nil {
			return nil, text, err
		}
		dict = append(dict, pyItem{key, value})
		if rest, ok := strings.CutPrefix(text, ","); ok {
			text = blanks(rest)
		} else if !strings.HasPrefix(text, "}") {
			return nil, text, errors.New(`it lacks a "}"`)
		}
	}
}
