package blas

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"unsafe"
)

// The kernels read these structs by offset; internal/blas/asm has the same numbers.
func TestOffsets(t *testing.T) {
	var p tile
	var r rows
	for _, c := range []struct{ got, want uintptr }{
		{unsafe.Offsetof(p.a), 0}, {unsafe.Offsetof(p.b), 24}, {unsafe.Offsetof(p.c), 48}, {unsafe.Offsetof(p.k), 72},
		{unsafe.Offsetof(p.rsa), 80}, {unsafe.Offsetof(p.csa), 88}, {unsafe.Offsetof(p.rsb), 96}, {unsafe.Offsetof(p.ldc), 104},
		{unsafe.Offsetof(p.alpha), 112}, {unsafe.Offsetof(p.beta), 120}, {unsafe.Offsetof(p.n), 136},
		{unsafe.Offsetof(r.a), 0}, {unsafe.Offsetof(r.x), 24}, {unsafe.Offsetof(r.y), 48}, {unsafe.Offsetof(r.m), 72},
		{unsafe.Offsetof(r.n), 80}, {unsafe.Offsetof(r.lda), 88}, {unsafe.Offsetof(r.alpha), 96}, {unsafe.Offsetof(r.beta), 104},
	} {
		if c.got != c.want {
			t.Errorf("a field is at %d, the kernels take it for %d", c.got, c.want)
		}
	}
}

// What is in the repository is what the generator writes.
func TestGenerated(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the generator")
	}
	dir := t.TempDir()
	assembly, declarations := filepath.Join(dir, "a.s"), filepath.Join(dir, "d.go")
	cmd := exec.Command("go", "-C", "asm", "run", ".", "-out", assembly, "-declarations", declarations)
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		if bytes.Contains(out, []byte("module lookup disabled")) {
			t.Skip("the generator's modules are not at hand")
		}
		t.Fatalf("%v\n%s", err, out)
	}
	for written, kept := range map[string]string{assembly: "kernels_amd64.s", declarations: "declarations_amd64.go"} {
		// The first line has the command.
		if !bytes.Equal(afterLine(t, written), afterLine(t, kept)) {
			t.Errorf("%s is not what the generator writes: run go generate", kept)
		}
	}
}

func afterLine(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(b, []byte("\n"))
	return rest
}
