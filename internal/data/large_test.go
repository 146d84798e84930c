package data

import (
	"math"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// holes makes an npy file of rows × 50 that is a hole but for its header and the last
// row, which is 1 … 50.
func holes(t testing.TB, typ Type, rows int) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("files have no holes")
	}
	f, err := os.Create(t.TempDir() + "/X.npy")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := writeHeader(f, typ, []int{rows, 50}); err != nil {
		t.Fatal(err)
	}
	size := int64(8)
	if typ == Float32 {
		size = 4
	}
	last := make([]float64, 50)
	for i := range last {
		last[i] = float64(i + 1)
	}
	a, _ := New("", []int{50}, last)
	a.Type = typ
	row, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer row.Close()
	if err := writeNpy(row, a); err != nil {
		t.Fatal(err)
	}
	b, _ := os.ReadFile(row.Name())
	start, _ := f.Seek(0, 1)
	if _, err := f.WriteAt(b[int64(len(b))-50*size:], start+int64(rows-1)*50*size); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

// sum adds all numbers with some goroutines that take blocks of rows.
func sum(t testing.TB, a *Array, workers, rows int) float64 {
	t.Helper()
	var next atomic.Int64
	sums := make([]float64, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			buf := make([]float64, rows*a.RowLen())
			for {
				from := int(next.Add(int64(rows))) - rows
				if from >= a.NumRows() {
					return
				}
				v, err := a.View(from, min(from+rows, a.NumRows()), buf)
				if err != nil {
					t.Error(err)
					return
				}
				s := 0.0
				for _, x := range v {
					s += x
				}
				sums[w] += s
			}
		})
	}
	wg.Wait()
	total := 0.0
	for _, s := range sums {
		total += s
	}
	return total
}

// TestLarge sums an array of 10⁷ × 50, 4 GB, in memory for a few blocks.
func TestLarge(t *testing.T) {
	for _, typ := range []Type{Float64, Float32} {
		rows := 200_000
		if typ == Float64 && !testing.Short() && math.MaxInt > math.MaxInt32 {
			rows = 10_000_000
		}
		path := holes(t, typ, rows)
		a := open(t, "X", path)
		if a.InMemory() {
			t.Fatal("in memory")
		}
		start := allocated()
		if s := sum(t, a, 2, 2000); s != 50*51/2 {
			t.Errorf("the sum is %v", s)
		}
		if k := allocated() - start; k > 16<<20 {
			t.Errorf("%d bytes are allocated", k)
		}
	}
}

func BenchmarkRows(b *testing.B) {
	for _, typ := range []Type{Float64, Float32} {
		for _, workers := range []int{1, 4} {
			b.Run(string(typ)+"/"+string(rune('0'+workers)), func(b *testing.B) {
				a, err := Open("X", holes(b, typ, 1_000_000))
				if err != nil {
					b.Fatal(err)
				}
				defer a.Close()
				b.SetBytes(int64(a.Len()) * int64(a.stored.(*stored).num.size))
				for b.Loop() {
					sum(b, a, workers, 2000)
				}
			})
		}
	}
}
