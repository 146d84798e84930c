package page

import (
	"bytes"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// A tree is a file system in memory: the content of each file by its path. Directories are
// what the paths imply. The contents are not to be changed.
type tree map[string][]byte

// add puts the files of a file system below prefix, which is empty or ends in a slash.
func (t tree) add(prefix string, files fs.FS) {
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, path)
		t[prefix+path] = data
		return err
	})
	if err != nil {
		panic(err) // embedded
	}
}

// Open opens a file or a directory.
func (t tree) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if data, ok := t[name]; ok {
		return &file{Reader: bytes.NewReader(data), info: info{name: base(name), size: int64(len(data))}}, nil
	}
	entries := t.list(name)
	if len(entries) == 0 {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &dir{info: info{name: base(name), dir: true}, path: name, entries: entries}, nil
}

// ReadFile returns a copy of a file's content.
func (t tree) ReadFile(name string) ([]byte, error) {
	if data, ok := t[name]; ok {
		return bytes.Clone(data), nil
	}
	return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
}

// list returns what lies in a directory, by name.
func (t tree) list(name string) []fs.DirEntry {
	prefix := name + "/"
	if name == "." {
		prefix = ""
	}
	found := map[string]info{}
	for path, data := range t {
		rest, ok := strings.CutPrefix(path, prefix)
		if !ok {
			continue
		}
		first, _, isDir := strings.Cut(rest, "/")
		i := info{name: first, dir: isDir}
		if !isDir {
			i.size = int64(len(data))
		}
		found[first] = i
	}
	entries := make([]fs.DirEntry, 0, len(found))
	for _, i := range found {
		entries = append(entries, fs.FileInfoToDirEntry(i))
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries
}

func base(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// info describes a file or a directory; nothing in memory has a time.
type info struct {
	name string
	size int64
	dir  bool
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.dir }
func (i info) Sys() any           { return nil }
func (i info) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

type file struct {
	*bytes.Reader
	info info
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *file) Close() error               { return nil }

type dir struct {
	info    info
	path    string
	entries []fs.DirEntry
}

func (d *dir) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *dir) Close() error               { return nil }
func (d *dir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.path, Err: fs.ErrInvalid}
}

// ReadDir returns the next n entries, or all that are left for n ≤ 0.
func (d *dir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		n = len(d.entries)
	} else if len(d.entries) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(d.entries))
	entries := d.entries[:n]
	d.entries = d.entries[n:]
	return entries, nil
}
