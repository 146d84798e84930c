package data

import (
	"math"
	"testing"
)

func TestBytes(t *testing.T) {
	for _, c := range []struct {
		n          int64
		text, flag string
	}{
		{0, "0 bytes", "0B"}, {999, "999 bytes", "999B"}, {1000, "1 kB", "1kB"}, {1001, "1 kB", "1.01kB"},
		{3_741_000, "3.74 MB", "3.75MB"}, {999_499, "999 kB", "1MB"}, {999_999, "1 MB", "1MB"}, {99_960, "100 kB", "100kB"},
		{1_229_999_999, "1.23 GB", "1.23GB"}, {1_230_000_001, "1.23 GB", "1.24GB"}, {8e15, "8000 TB", "8000TB"},
		{math.MaxInt64, "9220000 TB", "9230000TB"},
	} {
		if got := Bytes(c.n); got != c.text {
			t.Errorf("Bytes(%d) = %q, want %q", c.n, got, c.text)
		}
		if got := BytesFlag(c.n); got != c.flag {
			t.Errorf("BytesFlag(%d) = %q, want %q", c.n, got, c.flag)
		}
	}
}

// What a hint says to write is enough when it is written.
func TestBytesFlagIsEnough(t *testing.T) {
	for n := int64(1); n < 1<<60; n += n/3 + 1 {
		for _, n := range []int64{n, n + 1} {
			if back, ok := ParseBytes(BytesFlag(n)); !ok || back < n || float64(back) > 1.011*float64(n)+1 {
				t.Errorf("%d is written %s, which is read as %d, %v", n, BytesFlag(n), back, ok)
			}
		}
	}
}

func TestParseBytes(t *testing.T) {
	for text, want := range map[string]int64{
		"4GB": 4e9, " 500 mb ": 500e6, "2k": 2000, "1.23G": 1_230_000_000, "7": 7, "7b": 7, "1e3": 1000, "0.5TB": 5e11,
		"": 0, "much": 0, "-1GB": 0, "0": 0, "NaN": 0, "Inf": 0, "1e300TB": 0, "GB": 0, "1 GB B": 0,
	} {
		if got, ok := ParseBytes(text); got != want || ok != (want > 0) {
			t.Errorf("ParseBytes(%q) = %d, %v, want %d", text, got, ok, want)
		}
	}
}
