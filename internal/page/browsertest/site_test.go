package browsertest

import (
	"os"

	"example.com/nabla/internal/page"
)

// buildSite writes the static site to a folder.
func buildSite() (string, error) {
	dir, err := os.MkdirTemp("", "nabla-site")
	if err != nil {
		return "", err
	}
	return dir, os.CopyFS(dir, page.FS())
}
