package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// pictures are the derivations in docs/pictures, each the LaTeX document of a
// command, set by xelatex.
var pictures = []struct {
	name string
	args []string
}{
	{"least-squares", []string{"l = norm2(X*w - y)^2", "w"}},
	{"covariance", []string{covariance, "Σ"}},
	{"softmax", []string{"--lang", "zh", "examples/s10-softmax-regression.nb", "W"}},
	{"two-layers", []string{"--lang", "zh", "examples/s11-two-layers.nb", "W1", "W2"}},
	{"shapes", []string{"--shapes", "f = tr(A*X*B*X')", "X"}},
	{"colon", []string{"--style", "colon", "l = logdet(Σ) + tr(S*inv(Σ))", "Σ", "--var", "Σ: matrix(n, n)", "--var", "S: matrix(n, n)"}},
}

// covariance is the example of that name with letters that need no spelling out.
const covariance = "x[i]: vector(m), i = 1..N; Σ: matrix(m, m) posdef; x̄ = 1/N*Σ_i x[i]; S = 1/N*Σ_i (x[i] − x̄)(x[i] − x̄)ᵀ; " +
	"l = log|Σ| + 1/N*Σ_i (x[i] − x̄)ᵀ Σ⁻¹ (x[i] − x̄)"

// TestPictures sees that the pictures in docs/pictures are of what nabla writes now;
// with -update it draws those again that are not. It needs xelatex and pdftocairo,
// by which docs/pictures/make runs it.
func TestPictures(t *testing.T) {
	xelatex := os.Getenv("NABLA_XELATEX")
	if xelatex == "" {
		t.Skip("NABLA_XELATEX is not set; ./test sets it")
	}
	t.Chdir("../..")
	for _, p := range pictures {
		var out, errs bytes.Buffer
		c := &command{stdin: strings.NewReader(""), stdout: &out, stderr: &errs}
		if status := c.run(append([]string{"derive", "--format", "latex"}, p.args...)); status != exitOK {
			t.Errorf("%s: status %d: %s", p.name, status, errs.String())
			continue
		}
		source := onePage(t, out.String())
		sum := fmt.Sprintf("%x", sha256.Sum256([]byte(errorFigure.ReplaceAllString(source, "…"))))
		file := filepath.Join("docs", "pictures", p.name+".png")
		if old, err := os.ReadFile(file); err == nil && sourceOf(old) == sum {
			continue
		}
		if !*update {
			t.Errorf("%s is not of what nabla writes now; docs/pictures/make draws it again", file)
			continue
		}
		if err := os.WriteFile(file, picture(t, xelatex, source, sum), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// onePage puts a document on one page without a number, with narrow margins and the
// text as wide as it was.
func onePage(t *testing.T, source string) string {
	for _, r := range [][2]string{
		{`[margin=25mm]{geometry}`, `[papersize={172mm,900mm},margin=6mm]{geometry}`},
		{`\pagestyle{plain}`, `\pagestyle{empty}`},
	} {
		if !strings.Contains(source, r[0]) {
			t.Fatalf("the document has no %s", r[0])
		}
		source = strings.Replace(source, r[0], r[1], 1)
	}
	return source
}

// picture sets a document, trims the page and returns it as a PNG in 16 greys that
// names its source.
func picture(t *testing.T, xelatex, source, sum string) []byte {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "p.tex"), []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, line := range [][]string{
		{xelatex, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "p.tex"},
		{"pdftocairo", "-png", "-gray", "-singlefile", "-r", "200", "p.pdf", "p"},
	} {
		cmd := exec.Command(line[0], line[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", line[0], err, out)
		}
	}
	f, err := os.Open(filepath.Join(dir, "p.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	page, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(&b, inGreys(page)); err != nil {
		t.Fatal(err)
	}
	return withSource(b.Bytes(), sum)
}

// inGreys returns the part of a page that is not white, as wide as the page and with
// a margin below, in 16 greys.
func inGreys(page image.Image) *image.Paletted {
	const greys, below = 16, 40
	r := page.Bounds()
	last := r.Min.Y
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if color.GrayModel.Convert(page.At(x, y)).(color.Gray).Y < 0xF0 {
				last = y
				break
			}
		}
	}
	r.Max.Y = min(r.Max.Y, last+below)
	palette := make(color.Palette, greys)
	for i := range palette {
		palette[i] = color.Gray{Y: uint8(i * 0xFF / (greys - 1))}
	}
	out := image.NewPaletted(r, palette)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			v := int(color.GrayModel.Convert(page.At(x, y)).(color.Gray).Y)
			out.SetColorIndex(x, y, uint8((v*(greys-1)+0x7F)/0xFF))
		}
	}
	return out
}

// sourceKey is the keyword of the text chunk of a PNG that has the sum of its source.
const sourceKey = "Source\x00"

// withSource puts a text chunk before the end of a PNG.
func withSource(data []byte, sum string) []byte {
	const end = 12 // length of the last chunk
	body := "tEXt" + sourceKey + sum
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	chunk = append(chunk, body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE([]byte(body)))
	return append(append(append([]byte{}, data[:len(data)-end]...), chunk...), data[len(data)-end:]...)
}

// sourceOf returns the sum that withSource has put in, or "".
func sourceOf(data []byte) string {
	_, rest, _ := bytes.Cut(data, []byte("tEXt"+sourceKey))
	if len(rest) < 2*sha256.Size {
		return ""
	}
	return string(rest[:2*sha256.Size])
}
