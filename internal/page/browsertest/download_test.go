package browsertest

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// download clicks what hands over a file, and returns the file's name and content.
func (b *tab) download(selector string) (name string, data []byte) {
	b.t.Helper()
	dir := b.t.TempDir()
	_, err := chromedp.CallBrowser(b.ctx, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{
		Behavior: "allow", DownloadPath: dir, BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID})
	b.must("downloads", err)
	b.click(selector)
	for end := time.Now().Add(wait); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		files, err := os.ReadDir(dir)
		b.must("downloads", err)
		// What is not complete yet has another ending or a hidden name.
		if len(files) != 1 || strings.HasSuffix(files[0].Name(), ".crdownload") || strings.HasPrefix(files[0].Name(), ".") {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, files[0].Name()))
		b.must("download", err)
		return files[0].Name(), data
	}
	b.t.Fatalf("%s hands over no file", selector)
	return "", nil
}
