package data

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
)

// zipped is a zip archive of members, deflated or not.
func zipped(t testing.TB, method uint16, members ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: members[i].(string), Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(members[i+1].([]byte)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gz(s string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.Bytes()
}

func cut(b []byte, n int) []byte { return b[:len(b)-n] }

// patched is b with the byte at the index changed.
func patched(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 0x55
	return b
}

// TestErrors compares the whole message of each mistake that a file can have.
func TestErrors(t *testing.T) {
	good := npyBytes(header("'<f8'", "False", "(2,)"), f64(1, 2)...)
	object := npyBytes(header("'|O'", "False", "(2,)"), 0x80, 4)
	for _, c := range []struct {
		name    string // of the file, with what the caller writes after it
		content any
		want    string
	}{
		{"X.csv", "a,b\r1,2\r3,4\r", "X.csv:1: lines end with a carriage return alone\nhint: save it with line feeds, as all systems of today do"},
		{"X.csv", "1,5;2,5\n3,0;4,1\n", "X.csv:2:1: \"3,0\" in column 1 (1,5) is no number; 2 fields of columns 1 and 2 are none\nhint: decimals stand after a point, not a comma"},
		{"X.csv", "\n\n \n", "X.csv:3: there is no value that is not missing among its 1 field"},
		{"X.csv", "a,b\n,NA\n", "X.csv:1: there is no value that is not missing among its 2 fields"},
		// All formats.
		{"X.npy", "", "X.npy: the file is empty"},
		{"X.csv", "", "X.csv: the file is empty"},
		{"X.npz", "", "X.npz: the file is empty"},
		{"X.pkl", "\x80\x04", "X.pkl: unknown format: npy, npz, csv, tsv and mtx are read, the last three also with .gz"},
		{"X", "1,2\n", "X: unknown format: npy, npz, csv, tsv and mtx are read, the last three also with .gz"},
		{"X.npy.gz", gz("x"), "X.npy.gz: unknown format: npy, npz, csv, tsv and mtx are read, the last three also with .gz\n" +
			"hint: decompress it with gunzip"},
		{"X.npy:W", good, "X.npy: it has no part \"W\"\nhint: a colon names an array of an npz file or columns of a table"},

		// npy.
		{"X.npy", "1,2\n3,4\n", "X.npy: not an npy file: it does not begin with \\x93NUMPY"},
		{"X.npy", "PK", "X.npy: not an npy file: it does not begin with \\x93NUMPY"},
		{"X.npy", npyMagic[:4], "X.npy: truncated: the header of an npy file does not end within its 4 bytes"},
		{"X.npy", cut(good, 16+10), "X.npy: truncated: the header of an npy file does not end within its 58 bytes"},
		{"X.npy", cut(good, 3), "X.npy: truncated: numbers of shape 2 and type float64 take 16 bytes after the header, there are 13"},
		{"X.npy", npyBytes(header("'>i2'", "True", "(3, 4)"), 1, 2, 3), "X.npy: truncated: numbers of shape 3 × 4 and type int16 take 24 bytes after the header, there are 3"},
		{"X.npy", npyMagic + "\x04\x00\x01\x00{", "X.npy: npy version 4.0 is not known: 1 to 3 are read"},
		{"X.npy", npyMagic + "\x02\x00\xff\xff\xff\xff{", "X.npy: corrupt header: it claims 4294967295 bytes, at most 1048576 are read"},
		{"X.npy", npyBytes("[1, 2]"), "X.npy: corrupt header: it is no Python dict"},
		{"X.npy", npyBytes("{'descr': '<f8'"), "X.npy: corrupt header: it lacks a \"}\""},
		{"X.npy", npyBytes("{'descr'}"), "X.npy: corrupt header: it has a key without a value"},
		{"X.npy", npyBytes("{'descr': <f8}"), "X.npy: corrupt header: it is no Python dict at \"<f8}\""},
		{"X.npy", npyBytes("{'descr': '<f8}"), "X.npy: corrupt header: it has a string that does not end"},
		{"X.npy", npyBytes("{'descr': '<f8', 'shape': (1,)}"), "X.npy: corrupt header: fortran_order is missing"},
		{"X.npy", npyBytes("{'descr': '<f8', 'descr': '<f8'}"), "X.npy: corrupt header: \"descr\" stands in it twice"},
		{"X.npy", npyBytes("{'shapes': (1,)}"), "X.npy: corrupt header: it has an entry \"shapes\""},
		{"X.npy", npyBytes(header("'<f8'", "0", "(1,)")), "X.npy: corrupt header: fortran_order is neither True nor False"},
		{"X.npy", npyBytes(header("'<f8'", "False", "5")), "X.npy: corrupt header: the shape is no tuple"},
		{"X.npy", npyBytes(header("'<f8'", "False", "(-1,)")), "X.npy: corrupt header: the shape has a size that is no natural number"},
		{"X.npy", npyBytes(header("'<f8'", "False", "("+strings.Repeat("1,", 65)+")")), "X.npy: corrupt header: the shape has 65 axes, at most 64 are possible"},
		{"X.npy", npyBytes(header("'<f8'", "False", strings.Repeat("(", 100))), "X.npy: corrupt header: it has too many brackets in brackets"},
		{"X.npy", npyBytes(header("'<q8'", "False", "(1,)")), "X.npy: corrupt header: \"<q8\" is no type of numbers"},
		{"X.npy", npyBytes(header("None", "False", "(1,)")), "X.npy: corrupt header: the descr is no string"},
		{"X.npy", npyBytes(header("'<f8'", "False", "(99999999999999999999,)")), "X.npy: the size 99999999999999999999 of axis 1 is too large"},
		{"X.npy", npyBytes(header("'<f8'", "False", "(4294967296, 4294967296)")), "X.npy: the shape 4294967296 × 4294967296 is too large"},
		{"X.npy", npyBytes(header("'<f8'", "False", "(0, 5)")), "X.npy: 0 rows: the shape is 0 × 5"},
		{"X.npy", npyBytes(header("'<f8'", "False", "(5, 0)")), "X.npy: no entries: the shape is 5 × 0"},
		{"X.npy", object, "X.npy: the array holds Python objects (dtype object), not numbers\n" +
			"hint: in Python, numpy.save(FILE, X.astype(float)) writes numbers"},
		{"X.npy", npyBytes(header("[('age', '<f8'), ('bmi', '<f8')]", "False", "(2,)")),
			"X.npy: the array holds records with the fields age and bmi (a structured dtype), not numbers\n" +
				"hint: in Python, numpy.save(FILE, X['age']) writes numbers"},
		{"X.npy", npyBytes(header("'<c16'", "False", "(2,)")), "X.npy: the array holds complex numbers, not real ones\n" +
			"hint: in Python, numpy.save(FILE, X.real) writes numbers"},
		{"X.npy", npyBytes(header("'<U5'", "False", "(2,)")), "X.npy: the array holds strings, not numbers\n" +
			"hint: in Python, numpy.save(FILE, X.astype(float)) writes numbers"},
		{"X.npy", npyBytes(header("'<M8[D]'", "False", "(2,)")), "X.npy: the array holds dates or times, not numbers\n" +
			"hint: in Python, numpy.save(FILE, X.astype('int64')) writes numbers"},
		{"X.npy", npyBytes(header("'|V2'", "False", "(2,)")), "X.npy: the array holds raw bytes, not numbers"},
		{"X.npy", npyBytes(header("'<f16'", "False", "(2,)")), "X.npy: numbers of type \"<f16\" are not read\n" +
			"hint: in Python, numpy.save(FILE, X.astype(float)) writes numbers that are"},

		// npz.
		{"X.npz", good, "X.npz: it is an npy file\nhint: give it the extension .npy"},
		{"X.npz", "hello", "X.npz: not an npz file, which is a zip archive"},
		{"X.npz", cut(zipped(t, zip.Store, "X.npy", good), 30), "X.npz: truncated or corrupt: the directory that ends an npz file is not found in its 178 bytes"},
		{"X.npz", zipped(t, zip.Store, "X.txt", []byte("1")), "X.npz: it has no arrays among its 1 member"},
		{"X.npz", zipped(t, zip.Store, "X.npy", good, "X.npy", good), "X.npz: it has two arrays called X"},
		{"X.npz", zipped(t, zip.Store, "a.npy", good, "b.npy", good, "c.npy", good), "X.npz: it has no array X; there are a, b and c\n" +
			"hint: X=X.npz:a takes one of another name"},
		{"X.npz:W", zipped(t, zip.Store, "a.npy", good), "X.npz: it has no array W; there is a"},
		{"X.npz", zipped(t, zip.Deflate, "X.npy", object), "X.npz:X: the array holds Python objects (dtype object), not numbers\n" +
			"hint: in Python, numpy.save(FILE, X.astype(float)) writes numbers"},
		{"X.npz", zipped(t, zip.Deflate, "X.npy", cut(good, 3)), "X.npz:X: truncated: numbers of shape 2 and type float64 take 16 bytes after the header, there are 13"},
		{"X.npz", patched(zipped(t, zip.Store, "X.npy", good), 30+5+len(good)-1), "X.npz:X: corrupt: its checksum is another"},
		{"X.npz", npzClaim(t, 1<<40), "X.npz:X: corrupt: 87 bytes in the archive claim to be 1099511627776 of an array"},
		{"X.npz", sharing(t, 40), "X.npz: corrupt: its members claim more than its 2197 bytes"},

		// Tables.
		{"X.csv", "\n\n", "X.csv: the file is empty but for blank lines"},
		{"X.csv", "a,b\n", "X.csv:1: 0 rows: there is nothing after the header, a, b"},
		{"X.csv", "1,2,3\n4,5\n", "X.csv:2: 2 fields, but line 1 has 3"},
		{"X.csv", "\na,b\n1,2\n\n4,5,6\n", "X.csv:5: 3 fields, but the header in line 2 has 2"},
		{"X.csv", "age,bmi\n1,2\n3,tall\n", "X.csv:3:3: \"tall\" in column 2 (bmi) is no number"},
		{"X.csv", "1,2\n3,tall\nx,\"small, thin\"\n", "X.csv:2:3: \"tall\" in column 2 is no number; 3 fields of columns 1 and 2 are none"},
		{"X.csv", "1,2,setosa\n3,4,setosa\n", "X.csv:1:5: \"setosa\" in column 3 is no number; 2 fields of column 3 are none"},
		{"X.csv", "1;2\n3;1,5\n", "X.csv:2:3: \"1,5\" in column 2 is no number\nhint: decimals stand after a point, not a comma"},
		{"X.csv", "1.0 2.0\n3.0 4.0\n", "X.csv:2:1: \"3.0 4.0\" in column 1 (1.0 2.0) is no number\n" +
			"hint: fields are separated by commas, semicolons or tabs, not by spaces; in Python, numpy.savetxt(FILE, X, delimiter=',')"},
		{"X.csv", "1,1e999\n", "X.csv:1:3: 1e999 in column 2 is too large for float64"},
		{"X.csv", "1,2\n3,4\"5\"\n", "X.csv:2:4: a quote \" stands within a field that does not begin with one"},
		{"X.csv", "1,2\n3,\"4\n", "X.csv:2:6: a quoted field does not end, or has a quote \" that is not doubled"},
		{"X.csv", good, "X.csv: it is an npy file, not text\nhint: give it the extension .npy"},
		{"X.csv", zipped(t, zip.Store, "X.npy", good), "X.csv: it is a zip archive, as npz files and Excel's workbooks are, not text"},
		{"X.csv", "\xff\xfe1\x00,\x002\x00", "X.csv: the text is UTF-16\nhint: save it as UTF-8"},
		{"X.csv", "\x00\x01\x02", "X.csv: it is no text: it begins with zero bytes"},
		{"X.tsv", "a\tb\n1\t2\n3\t \n4\tx\n", "X.tsv:4:3: \"x\" in column 2 (b) is no number"},
		{"X.csv.gz", cut(gz("1,2\n3,4\n"), 6), "X.csv.gz: truncated: the compressed text ends early"},
		{"X.csv.gz", patched(gz("1,2\n3,4\n"), len(gz("1,2\n3,4\n"))-8), "X.csv.gz: corrupt gzip file: invalid checksum"},
		{"X.csv.gz", gz(""), "X.csv.gz: the file is empty"},
		{"X.csv:c", "a,b\n1,2\n", "X.csv: there is no column c: the header has a and b"},
		{"X.csv:3", "1,2\n", "X.csv: there is no column 3: the table has 2 columns"},
		{"X.csv:a", "1,2\n", "X.csv: there is no column a: the table has no header, its columns are 1 to 2"},
		{"X.csv:b..a", "a,b\n1,2\n", "X.csv: columns b..a: column 2 stands after column 1"},
		{"X.csv:a", "a,a\n1,2\n", "X.csv: two columns are called a; name one by its number"},
	} {
		var content []byte
		switch v := c.content.(type) {
		case string:
			content = []byte(v)
		case []byte:
			content = v
		}
		name, _, _ := strings.Cut(c.name, ":")
		t.Run(strings.ReplaceAll(c.name, "/", "_"), func(t *testing.T) {
			file(t, name, content)
			a, err := Open("X", c.name)
			if err == nil {
				t.Fatalf("%q: no error, but %v\nwant %s", content, a.Shape, c.want)
			}
			if err.Error() != c.want {
				t.Errorf("%.200q:\n%s\nwant\n%s", content, err, c.want)
			}
			var own *Error
			if !errors.As(err, &own) {
				t.Errorf("%T is not *Error", err)
			}
		})
	}
}

// npzClaim is an archive whose directory claims that its array has another size.
func npzClaim(t *testing.T, size uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	content := npyBytes(header("'<f8'", "False", "(100000000000,)"), f64(1)...)
	w, err := z.CreateRaw(&zip.FileHeader{Name: "X.npy", Method: zip.Deflate,
		CompressedSize64: uint64(len(content)), UncompressedSize64: size})
	if err != nil {
		t.Fatal(err)
	}
	w.Write(content)
	z.Close()
	return b.Bytes()
}

// sharing is an archive whose members all have the same compressed bytes.
func sharing(t *testing.T, members int) []byte {
	t.Helper()
	content := npyBytes(header("'<f8'", "False", "(2,)"), f64(1, 2)...)
	b := zipped(t, zip.Store, "X.npy", content)
	at := bytes.Index(b, []byte("PK\x01\x02"))
	end := bytes.Index(b, []byte("PK\x05\x06"))
	directory, tail := b[at:end], bytes.Clone(b[end:])
	out := bytes.Clone(b[:at])
	for i := range members {
		d := bytes.Clone(directory)
		d[46] = byte('A' + i) // the first letter of its name
		out = append(out, d...)
	}
	binary.LittleEndian.PutUint16(tail[8:], uint16(members))
	binary.LittleEndian.PutUint16(tail[10:], uint16(members))
	binary.LittleEndian.PutUint32(tail[12:], uint32(members*len(directory)))
	return append(out, tail...)
}

func TestNoFile(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := Open("X", "X.npy")
	if err == nil || err.Error() != "X.npy: there is no such file" || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	_, err = Read(".")
	if err == nil || err.Error() != ".: it is a directory, not a file" {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat("/dev/zero"); err == nil {
		if _, err := Open("X", "/dev/zero"); err == nil || err.Error() != "/dev/zero: it is a device, not a file" {
			t.Errorf("a device: %v", err)
		}
	}
}
