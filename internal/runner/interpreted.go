package runner

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

//go:embed drivers
var drivers embed.FS

// putDriver writes a driver into dir and returns its path.
func putDriver(dir, name string) (string, error) {
	text, err := drivers.ReadFile("drivers/" + name)
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, name)
	return path, os.WriteFile(path, text, 0o666)
}

func pythonSource(*Job) string { return "source.py" }

func pythonHost(lang Lang) func(string, []Job, []transcript) ([]string, error) {
	return func(dir string, _ []Job, _ []transcript) ([]string, error) {
		python, err := find(lang)
		if err != nil {
			return nil, err
		}
		driver, err := putDriver(dir, "driver.py")
		return []string{python, "-B", driver, string(lang)}, err
	}
}

// juliaHost parses, and evaluates what is called by Values; there is no Julia in the
// registries that the project's machines reach.
func juliaHost(dir string, _ []Job, _ []transcript) ([]string, error) {
	python, err := find(Julia)
	if err != nil {
		return nil, err
	}
	if _, err := putDriver(dir, "julia_values.py"); err != nil {
		return nil, err
	}
	driver, err := putDriver(dir, "julia.py")
	return []string{python, "-B", driver}, err
}

func rHost(dir string, _ []Job, _ []transcript) ([]string, error) {
	r, err := find(R)
	if err != nil {
		return nil, err
	}
	driver, err := putDriver(dir, "driver.R")
	return []string{r, "--vanilla", driver}, err
}

func octaveSource(j *Job) string { return j.Func + ".m" }

// octaveHost adds the file of the check, and refuses syntax that only Octave knows.
func octaveHost(dir string, jobs []Job, out []transcript) ([]string, error) {
	octave, err := find(MATLAB)
	if err != nil {
		return nil, err
	}
	for k := range jobs {
		if out[k].Err != "" {
			continue
		}
		j := &jobs[k]
		for _, f := range []struct{ name, text string }{{j.Func, j.Source}, {j.Func + "_check", j.CheckSource}} {
			if remarks := octaveOnly(f.text); len(remarks) > 0 {
				out[k].Err = fmt.Sprintf("%s.m: %s", f.name, strings.Join(remarks, "; "))
			}
		}
		if j.CheckSource != "" {
			path := filepath.Join(jobDir(dir, k), j.Func+"_check.m")
			if err := os.WriteFile(path, []byte(j.CheckSource), 0o666); err != nil {
				return nil, err
			}
		}
	}
	driver, err := putDriver(dir, "driver.m")
	return []string{octave, "--no-gui", "--norc", "--quiet", driver}, err
}
