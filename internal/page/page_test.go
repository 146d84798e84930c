package page

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

func TestFiles(t *testing.T) {
	for name, files := range map[string]fs.FS{"FS": FS(), "ServerFS": ServerFS()} {
		if err := fstest.TestFS(files, "index.html", "main.js", "answer/index.js", "assets/katex/katex.min.js", "assets/katex/LICENSE"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEngine(t *testing.T) {
	for want, files := range map[string]fs.FS{"worker": FS(), "http": ServerFS()} {
		index, err := fs.ReadFile(files, "index.html")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(index), `<meta name="nabla-engine" content="`+want+`">`) {
			t.Errorf("the page does not ask the engine at %s", want)
		}
		if !strings.Contains(string(index), `content="`+Policy+`"`) {
			t.Error("the document's policy is not Policy")
		}
	}
}
