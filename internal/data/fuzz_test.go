package data

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"hash/crc32"
	"io"
	"runtime/metrics"
	"strings"
	"testing"
	"unicode/utf8"
)

// mostAllocated bounds what reading a file of n bytes allocates: numbers of one byte
// that deflate has compressed as far as it can, and matrices of few coordinates.
func mostAllocated(n int) uint64 { return 8*mostUnfilled + 32<<20 + uint64(n)*8*mostDeflated*3 }

func allocated() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// hostile reads a file with both readers. They do not panic and do not allocate much,
// say what is wrong as an *Error that fits a terminal, or agree on the numbers.
func hostile(t *testing.T, f format, part string, content []byte) {
	if len(content) == 0 {
		return
	}
	var before *Array
	for _, rd := range []reader{{inMemory: 1 << 40}, {}} {
		in := &input{ReaderAt: bytes.NewReader(content), name: "X", size: int64(len(content)), format: f, file: io.NopCloser(nil)}
		start := allocated()
		a, err := rd.one(in, "X", part)
		if k := allocated() - start; k > mostAllocated(len(content)) {
			t.Fatalf("%d bytes are allocated for %d", k, len(content))
		}
		if err != nil {
			var own *Error
			text := err.Error()
			if !errors.As(err, &own) || !strings.HasPrefix(text, "X:") || len(text) > 2000+len(part) || !utf8.ValidString(text) && utf8.ValidString(part) {
				t.Fatalf("%T %q", err, text)
			}
			if before != nil {
				t.Fatalf("an error only where the array stays in its file: %v", err)
			}
			return
		}
		n, ok := entries(a.Shape)
		if !ok || n == 0 {
			t.Fatalf("the shape is %v", a.Shape)
		}
		if n > 1<<24 { // too slow for what it tells
			return
		}
		v, err := a.Values()
		if err != nil || len(v) != n {
			t.Fatalf("%d values of shape %v: %v", len(v), a.Shape, err)
		}
		if before == nil {
			before = a
		} else if was, _ := before.Values(); !equal(v, was) || before.Rounded() != a.Rounded() {
			t.Fatal("the array that stays in its file has other numbers")
		}
	}
}

func FuzzNpy(f *testing.F) {
	for _, descr := range []string{"'<f8'", "'>f4'", "'<f2'", "'|b1'", "'<i8'", "'>u8'", "'|O'", "[('a', '<f8')]"} {
		for _, order := range []string{"True", "False"} {
			for _, shape := range []string{"()", "(2,)", "(2, 1L)", "(1, 2, 1)", "(0,)", "(9999999999, 9999999999)"} {
				f.Add(npyBytes(header(descr, order, shape), make([]byte, 16)...))
			}
		}
	}
	f.Add([]byte(npyMagic + "\x02\x00\xff\xff\xff\xff{"))
	f.Add([]byte(npyMagic + "\x01\x00\x64\x00" + strings.Repeat("(", 100)))
	f.Fuzz(func(t *testing.T, content []byte) { hostile(t, npy, "", content) })
}

func FuzzNpz(f *testing.F) {
	x := npyBytes(header("'<f8'", "True", "(2, 1)"), f64(1, 2)...)
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		f.Add("", zipped(f, method, "X.npy", x))
		f.Add("y", zipped(f, method, "X.npy", x, "y.npy", cut(x, 1), "z", x))
		f.Add("", zipped(f, method, "X.npy", npyBytes(header("'|u1'", "False", "(100000,)"), make([]byte, 100000)...)))
	}
	f.Fuzz(func(t *testing.T, part string, content []byte) { hostile(t, npz, part, content) })
}

func FuzzTable(f *testing.F) {
	for _, s := range []string{"1,2\n3,4\n", "\xef\xbb\xbfa;b\r\n1;\r\n", "a\tb\n\n1\tNA\n", "\"a\nb\",\"c\"\"\"\n1,nan\n", "1,2\n3\n", "1,\"2\n", "1,2,x\n3,4,y\n", string(gz("1,2\n"))} {
		f.Add("", []byte(s))
		f.Add("2", []byte(s))
		f.Add("a..,1", []byte(s))
	}
	f.Fuzz(func(t *testing.T, part string, content []byte) {
		hostile(t, csv, part, content)
		hostile(t, tsv, part, content)
	})
}

func FuzzMatrixMarket(f *testing.F) {
	for _, s := range []string{
		"coordinate real general\n2 3 2\n1 1 1.5\n2 3 -2e3\n", "coordinate integer symmetric\n%\n3 3 1\n3 1 5\n",
		"coordinate pattern symmetric\n2 2 1\n2 1\n", "coordinate real skew-symmetric\n1000000 1000000 0\n",
		"array real general\n1 2\n1\n2\n", "array integer symmetric\n2 2\n1\n2\n3\n", "array real skew-symmetric\n2 2\n1\n",
		"array real general\n9999999999 9999999\n",
	} {
		f.Add([]byte("%%MatrixMarket matrix " + s))
	}
	f.Fuzz(func(t *testing.T, content []byte) { hostile(t, mtx, "", content) })
}

// FuzzNpzMember puts bytes into an archive that is well formed but for the size that it
// claims for them.
func FuzzNpzMember(f *testing.F) {
	x := npyBytes(header("'<f8'", "True", "(2, 1)"), f64(1, 2)...)
	for _, deflated := range []bool{true, false} {
		f.Add(x, deflated, uint64(len(x)))
		f.Add(x, deflated, uint64(1<<40))
		f.Add(cut(x, 1), deflated, uint64(len(x)))
		f.Add(npyBytes(header("'|u1'", "False", "(100000,)"), 1, 2), deflated, uint64(100100))
	}
	f.Fuzz(func(t *testing.T, content []byte, deflated bool, claim uint64) {
		head := &zip.FileHeader{Name: "X.npy", CRC32: crc32.ChecksumIEEE(content), UncompressedSize64: claim}
		if deflated {
			head.Method = zip.Deflate
			var b bytes.Buffer
			d, _ := flate.NewWriter(&b, flate.BestSpeed)
			d.Write(content)
			d.Close()
			content = b.Bytes()
		}
		head.CompressedSize64 = uint64(len(content))
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.CreateRaw(head)
		if err != nil {
			t.Skip(err)
		}
		w.Write(content)
		if z.Close() != nil {
			t.Skip()
		}
		hostile(t, npz, "", b.Bytes())
	})
}
