package browsertest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// buildSite writes the static site below a folder, by the program that `make site` runs, and
// returns where. NABLA_SITE names a site that is there already.
func buildSite(dir string) (string, error) {
	if at := os.Getenv("NABLA_SITE"); at != "" {
		return at, nil
	}
	at := filepath.Join(dir, "site")
	if text, err := exec.Command("go", "run", "example.com/nabla/internal/page/site", "-o", at).CombinedOutput(); err != nil {
		return "", fmt.Errorf("the site is not built: %w\n%s", err, text)
	}
	return at, nil
}
