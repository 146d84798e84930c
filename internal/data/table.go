package data

import (
	"bytes"
	encoding "encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A table reads csv or tsv: records of fields between separators, with a header if the
// first has a field that is no number. Blank lines between records are passed over.
type table struct {
	*encoding.Reader
	separator rune
	header    []string  // of all columns, or nil
	width     int       // fields of a record, by the first
	first     int       // the line of the first record
	take      []int     // the columns that are read
	values    []float64 // those that are not in the spill
	count     int       // of all values
	counts    bool      // the first column has 0, 1, 2, … so far
	text      *text
	spill     *spill // nil while memory suffices
	a         *Array

	end       int // the last line of the record before
	commented int // lines that begin with # before the first record
	blank     int // blank lines so far, and after those commented ones
	atBlank   int // the first of them
	missingAt string
	wrong     *Error
	wrongs    map[int]int // fields that are no number, by column
}

// readTable reads a table, or the columns of it that part names if it is not empty.
// Separator 0 is a comma, unless the first line has none but a semicolon or a tab.
func readTable(t *text, part string, separator rune) (a *Array, err error) {
	if start, _ := t.Peek(3); bytes.Equal(start, []byte("\xef\xbb\xbf")) {
		t.Discard(3)
	}
	start, _ := t.Peek(t.Reader.Size())
	comments := leadingComments(start, separator)
	if separator == 0 {
		separator = separatorOf(start[comments:])
	}
	if i := bytes.IndexByte(start, '\r'); i >= 0 && i < len(start)-1 && bytes.IndexByte(start, '\n') < 0 {
		return nil, &Error{Line: 1, Message: "lines end with a carriage return alone", Hint: "save it with line feeds, as all systems of today do"}
	}
	header := hasHeader(start[comments:], separator, len(start) == t.Reader.Size()) // before start is overwritten
	tb := &table{Reader: encoding.NewReader(t), separator: separator, text: t, a: &Array{Type: Float64}, wrongs: map[int]int{}, counts: true}
	defer func() {
		if err != nil && tb.spill != nil {
			tb.spill.discard()
		}
	}()
	tb.Comma, tb.FieldsPerRecord, tb.ReuseRecord = separator, -1, true
	if comments > 0 {
		tb.Comment, tb.commented = '#', bytes.Count(start[:comments], []byte("\n"))
	}
	for rows := 0; ; rows++ {
		record, err := tb.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, tb.syntax(err)
		}
		if tb.width == 0 {
			if err := tb.begin(record, part, header); err != nil {
				return nil, err
			}
		}
		if len(record) != tb.width {
			return nil, tb.ragged(record)
		}
		tb.lines(record)
		if rows > 0 || tb.header == nil {
			tb.row(record)
			if err := tb.room(rows); err != nil {
				return nil, err
			}
		}
	}
	switch {
	case tb.width == 0:
		return nil, &Error{Message: "the file is empty but for blank lines"}
	case tb.wrong != nil:
		return nil, tb.noNumber()
	case tb.count > 0 && tb.a.Missing == tb.count:
		return nil, &Error{Line: tb.first, Message: fmt.Sprintf("there is no value that is not missing among its %s", plural(tb.count, "field"))}
	case tb.count == 0:
		return nil, &Error{Line: tb.first, Message: fmt.Sprintf("0 rows: there is nothing after the header, %s", strings.Join(some(tb.header), ", "))}
	}
	a = tb.a
	a.Shape = []int{tb.count / len(tb.take), len(tb.take)}
	if len(tb.take) == 1 && part != "" && !strings.Contains(part, "..") {
		a.Shape = a.Shape[:1]
	}
	tb.notes()
	if a.values = tb.values; tb.spill == nil {
		return a, nil
	}
	if err := tb.spill.floats(tb.values); err != nil {
		return nil, err
	}
	a.values = nil
	return a, tb.spill.done(a, stored{from: tb.spill.file, num: spilled}.withShape(a.Shape))
}

// room makes room for more values after a row: in memory, or by writing those that there
// are to a temporary file.
func (tb *table) room(rows int) error {
	const together = 1 << 13
	free := cap(tb.values) - len(tb.values)
	switch {
	case tb.wrong != nil:
		return nil
	case tb.spill != nil:
		if len(tb.values) < together {
			return nil
		}
		err := tb.spill.floats(tb.values)
		tb.values = tb.values[:0]
		return err
	case rows == 1000 && tb.text.raw: // room for the rest, if its lines are as long
		left := float64(tb.text.size)/float64(tb.InputOffset()) - 1
		all := int(float64(len(tb.values)) * (1.02 + max(left, 0)))
		if !tb.text.exceeds(8 * int64(all)) {
			more := make([]float64, len(tb.values), all)
			copy(more, tb.values)
			tb.values = more
			return nil
		}
	case free >= len(tb.take), len(tb.values) < together:
		return nil
	default: // the old values and the new ones, while they are copied
		if !tb.text.exceeds(8 * int64(len(tb.values)+2*cap(tb.values))) {
			return nil
		}
	}
	s, err := newSpill(tb.text.name)
	if err != nil {
		return err
	}
	tb.spill = s
	err = s.floats(tb.values)
	tb.values = make([]float64, 0, together+len(tb.take))
	return err
}

// separatorOf guesses the separator of a csv file by its first line.
func separatorOf(start []byte) rune {
	line, _, _ := bytes.Cut(bytes.TrimLeft(start, "\r\n"), []byte("\n"))
	quoted := false
	var comma, semicolon, tab bool
	for _, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ',':
			comma = true
		case c == ';':
			semicolon = true
		case c == '\t':
			tab = true
		}
	}
	switch {
	case comma && semicolon && decimalCommas(line):
		return ';'
	case comma:
		return ','
	case semicolon:
		return ';'
	case tab:
		return '\t'
	}
	return ','
}

// decimalCommas tells whether a line is of numbers such as 1,5 between semicolons.
func decimalCommas(line []byte) bool {
	for field := range strings.SplitSeq(string(line), ";") {
		if isText(strings.Replace(field, ",", ".", 1)) {
			return false
		}
	}
	return true
}

// hasHeader tells whether a table that begins with start has a header: some field of
// its first record is no number, and all are, or one of those is in the second. If the
// table goes on after start, the last field of start may be a part of one.
func hasHeader(start []byte, separator rune, goesOn bool) bool {
	r := encoding.NewReader(bytes.NewReader(start))
	r.Comma, r.FieldsPerRecord = separator, -1
	read := func() []string {
		record, err := r.Read()
		switch {
		case err != nil:
			return nil
		case goesOn && r.InputOffset() == int64(len(start)):
			return record[:len(record)-1]
		}
		return record
	}
	first := read()
	var texts []int
	for c, field := range first {
		if isText(field) {
			texts = append(texts, c)
		}
	}
	if len(texts) == 0 || len(texts) == len(first) {
		return len(texts) > 0
	}
	second := read()
	if len(second) != len(first) && !goesOn {
		return true
	}
	return slices.ContainsFunc(texts, func(c int) bool { return c >= len(second) || !isText(second[c]) })
}

// leadingComments returns how many bytes the lines take that begin with # and stand before the
// first record. One such line alone is a header, as numpy.savetxt writes it, where it has as many
// fields as the line after it.
func leadingComments(start []byte, separator rune) int {
	n, lines := 0, 0
	for bytes.HasPrefix(start[n:], []byte("#")) {
		i := bytes.IndexByte(start[n:], '\n')
		if i < 0 {
			return 0
		}
		n += i + 1
		lines++
	}
	if lines != 1 {
		return n
	}
	if separator == 0 {
		separator = separatorOf(start[n:])
	}
	line, _, _ := bytes.Cut(start[n:], []byte("\n"))
	fields := func(line []byte) int { return bytes.Count(line, []byte(string(separator))) }
	if fields(start[:n]) == fields(line) && len(bytes.TrimSpace(line)) > 0 {
		return 0
	}
	return n
}

// isText tells whether a field is neither a number, however large, nor missing.
func isText(field string) bool {
	_, _, err := parseField(field)
	return err != nil && !errors.Is(err, strconv.ErrRange)
}

// begin takes the first record for the header if there is one, and chooses the columns.
func (tb *table) begin(record []string, part string, header bool) error {
	tb.width = len(record)
	tb.first, _ = tb.FieldPos(0)
	tb.end = tb.first - 1
	if header {
		numbers := 0
		for _, field := range record {
			if len(tb.header) == 0 {
				field = strings.TrimPrefix(field, "# ") // numpy.savetxt writes it
			}
			tb.header = append(tb.header, strings.TrimSpace(field))
			if !isText(field) {
				numbers++
			}
		}
		if 2*numbers >= tb.width {
			tb.a.Notes = append(tb.a.Notes, fmt.Sprintf("line %d is taken for a header since %q is no number, although %s of it are",
				tb.first, clip(record[slices.IndexFunc(record, isText)]), plural(numbers, "field")))
		}
	}
	take, err := chooseColumns(part, tb.header, tb.width)
	if err != nil {
		return err
	}
	tb.take = take
	if tb.header != nil {
		for _, c := range take {
			tb.a.Columns = append(tb.a.Columns, tb.header[c])
		}
	}
	return nil
}

// lines counts the blank lines before a record.
func (tb *table) lines(record []string) {
	start, _ := tb.FieldPos(0)
	if k := start - tb.end - 1; k > 0 {
		if tb.blank == 0 {
			tb.atBlank = tb.end + 1
		}
		tb.blank += k
	}
	last := len(record) - 1
	tb.end, _ = tb.FieldPos(last)
	tb.end += strings.Count(record[last], "\n")
}

// row reads the fields of a record that are wanted. It counts all that are no number
// and keeps the first.
func (tb *table) row(record []string) {
	for _, c := range tb.take {
		v, missing, err := parseField(record[c])
		if err != nil {
			if tb.wrong == nil {
				line, column := tb.FieldPos(c)
				message := fmt.Sprintf("%q in %s is no number", clip(record[c]), tb.column(c))
				if errors.Is(err, strconv.ErrRange) {
					message = fmt.Sprintf("%s in %s is too large for float64", clip(record[c]), tb.column(c))
				}
				tb.wrong = &Error{Line: line, Column: column, Message: message, Hint: tb.hint(record[c])}
				tb.values = nil
			}
			tb.wrongs[c]++
			continue
		}
		if missing {
			if tb.a.Missing == 0 {
				line, _ := tb.FieldPos(c)
				tb.missingAt = fmt.Sprintf("line %d, %s", line, tb.column(c))
			}
			tb.a.Missing++
		}
		if tb.wrong == nil {
			if c == 0 && tb.counts {
				tb.counts = v == float64(tb.count/len(tb.take))
			}
			tb.values = append(tb.values, v)
			tb.count++
		}
	}
}

// hint says what to do about a field that is no number, but would be two between other
// separators, or one with another sign for its decimals.
func (tb *table) hint(field string) string {
	numbers := func(list []string) bool { return len(list) > 1 && !slices.ContainsFunc(list, isText) }
	switch {
	case numbers(strings.Fields(field)):
		return "fields are separated by commas, semicolons or tabs, not by spaces; in Python, numpy.savetxt(FILE, X, delimiter=',')"
	case tb.separator != ',' && strings.Count(field, ",") == 1 && numbers(strings.Split(field, ",")):
		return "decimals stand after a point, not a comma"
	}
	return ""
}

// column names a column in a message: column 2 (bmi).
func (tb *table) column(c int) string {
	if tb.header == nil {
		return fmt.Sprintf("column %d", c+1)
	}
	return fmt.Sprintf("column %d (%s)", c+1, clip(tb.header[c]))
}

// noNumber is the error of the fields that are no numbers.
func (tb *table) noNumber() error {
	total := 0
	var columns []string
	for _, c := range tb.take {
		if tb.wrongs[c] > 0 {
			total += tb.wrongs[c]
			columns = append(columns, strconv.Itoa(c+1))
		}
	}
	if total > 1 {
		where := "column "
		if len(columns) > 1 {
			where = "columns "
		}
		tb.wrong.Message += fmt.Sprintf("; %s of %s%s are none", plural(total, "field"), where, enumerate(some(columns)))
	}
	return tb.wrong
}

// ragged is the error of a record with another number of fields than the first.
func (tb *table) ragged(record []string) error {
	line, _ := tb.FieldPos(0)
	first := fmt.Sprintf("line %d", tb.first)
	if tb.header != nil {
		first = fmt.Sprintf("the header in line %d", tb.first)
	}
	return &Error{Line: line, Message: fmt.Sprintf("%s, but %s has %d", plural(len(record), "field"), first, tb.width)}
}

// syntax explains an error of the reader.
func (tb *table) syntax(err error) error {
	var parse *encoding.ParseError
	if !errors.As(err, &parse) {
		return err
	}
	e := &Error{Line: parse.Line, Column: parse.Column, err: parse.Err}
	switch parse.Err {
	case encoding.ErrBareQuote:
		e.Message = `a quote " stands within a field that does not begin with one`
	case encoding.ErrQuote:
		e.Message = `a quoted field does not end, or has a quote " that is not doubled`
	default:
		e.Message = parse.Err.Error()
	}
	return e
}

func (tb *table) notes() {
	a := tb.a
	if tb.header != nil && tb.header[0] == "" && tb.counts && tb.take[0] == 0 && len(tb.take) > 1 {
		a.Notes = append(a.Notes, fmt.Sprintf("%s: column 1 has no name and counts the rows; it is read as numbers like the others, and left out by %s:2..", tb.text.name, tb.text.name))
	}
	if a.Missing > 0 {
		a.Notes = append(a.Notes, fmt.Sprintf("%d of %d values are missing and NaN, the first in %s", a.Missing, tb.count, tb.missingAt))
	}
	if tb.commented > 0 {
		a.Notes = append(a.Notes, fmt.Sprintf("%s passed over that %s with #", plural(tb.commented, "line"), map[bool]string{true: "begins", false: "begin"}[tb.commented == 1]))
	}
	if tb.blank > 0 {
		what := "blank line"
		if tb.commented > 0 {
			what = "blank or commented line"
		}
		a.Notes = append(a.Notes, fmt.Sprintf("%s passed over, the first line %d", plural(tb.blank, what), tb.atBlank))
	}
	if tb.separator == ';' {
		a.Notes = append(a.Notes, "fields are separated by semicolons")
	}
}

// parseField reads a number, or NaN for what stands for a missing one: nothing, nan in
// any case, NA.
func parseField(field string) (v float64, missing bool, err error) {
	field = strings.TrimSpace(field)
	if field == "" || field == "NA" {
		return math.NaN(), true, nil
	}
	v, err = strconv.ParseFloat(field, 64)
	return v, err == nil && v != v, err
}

// clip shortens a text of a file for a message.
func clip(s string) string {
	s = strings.ToValidUTF8(strings.TrimSpace(s), "\ufffd")
	if r := []rune(s); len(r) > 24 {
		return string(r[:23]) + "…"
	}
	return s
}

// mostNamed bounds the names in a message.
const mostNamed = 12

// some are the first names of a list, clipped, and how many more there are.
func some(names []string) []string {
	var out []string
	for i, n := range names {
		if i == mostNamed {
			return append(out, fmt.Sprintf("%d more", len(names)-i))
		}
		out = append(out, clip(n))
	}
	return out
}
