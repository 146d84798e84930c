package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
)

// serviceWorker is the file that keeps the page for use without a network: all files that
// it loads, under a name that changes with any of them. A page goes on with the version that
// it was loaded from; the next one comes into use when no page of the last one is open.
const serviceWorker = "sw.js"

const serviceWorkerText = `// Keeps the page for use without a network.
"use strict";
const version = %s;
const files = %s;

addEventListener("install", (e) => e.waitUntil(caches.open(version).then((kept) => kept.addAll(files))));

addEventListener("activate", (e) => e.waitUntil(caches.keys().then((names) =>
  Promise.all(names.filter((name) => name.startsWith("nabla-") && name !== version).map((name) => caches.delete(name))))));

addEventListener("fetch", (e) => {
  if (e.request.method !== "GET" || !e.request.url.startsWith(registration.scope)) return;
  e.respondWith(caches.open(version).then((kept) => kept.match(e.request, { ignoreSearch: true }))
    .then((answer) => answer ?? fetch(e.request)));
});
`

// offline is the service worker of the files.
func offline(files map[string][]byte) []byte {
	hash := sha256.New()
	list := []string{"./"}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(hash, "%s %d\n", name, len(files[name]))
		hash.Write(files[name])
		if !strings.Contains(path.Base(name), "LICENSE") {
			list = append(list, name)
		}
	}
	io.WriteString(hash, serviceWorkerText)
	version, _ := json.Marshal("nabla-" + hex.EncodeToString(hash.Sum(nil)[:8]))
	names, _ := json.Marshal(list) // strings
	return fmt.Appendf(nil, serviceWorkerText, version, names)
}
