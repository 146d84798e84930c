package data

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// chooseColumns reads what follows the colon of a table: columns between commas, each
// a name of the header, a number from 1, or two of them with .. between. It returns
// their indices; all without a choice.
func chooseColumns(part string, header []string, width int) ([]int, error) {
	var take []int
	if part == "" {
		for c := range width {
			take = append(take, c)
		}
		return take, nil
	}
	for _, item := range strings.Split(part, ",") {
		item = strings.TrimSpace(item)
		if from, to, ok := strings.Cut(item, ".."); ok && slices.Index(header, item) < 0 {
			i, err := columnIndex(from, header, width, 0)
			if err != nil {
				return nil, err
			}
			j, err := columnIndex(to, header, width, width-1)
			if err != nil {
				return nil, err
			}
			if j < i {
				return nil, &Error{Message: fmt.Sprintf("columns %s: column %d stands after column %d", item, i+1, j+1)}
			}
			for c := i; c <= j; c++ {
				take = append(take, c)
			}
			continue
		}
		c, err := columnIndex(item, header, width, -1)
		if err != nil {
			return nil, err
		}
		take = append(take, c)
	}
	return take, nil
}

// columnIndex finds one column, the open end of a range if name is empty.
func columnIndex(name string, header []string, width, open int) (int, error) {
	name = strings.TrimSpace(name)
	if name == "" && open >= 0 {
		return open, nil
	}
	if c := slices.Index(header, name); c >= 0 {
		if slices.Index(header[c+1:], name) >= 0 {
			return 0, &Error{Message: fmt.Sprintf("two columns are called %s; name one by its number", name)}
		}
		return c, nil
	}
	k, err := strconv.Atoi(name)
	if err == nil && k >= 1 && k <= width {
		return k - 1, nil
	}
	e := &Error{Message: fmt.Sprintf("there is no column %s: ", name)}
	switch {
	case header != nil:
		e.Message += "the header has " + enumerate(some(header))
	case err == nil:
		e.Message += fmt.Sprintf("the table has %s", plural(width, "column"))
	default:
		e.Message += fmt.Sprintf("the table has no header, its columns are 1 to %d", width)
	}
	return 0, e
}
