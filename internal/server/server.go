// Package server answers nabla's requests over HTTP and serves the page.
package server

import (
	"io"
	"net/http"

	"example.com/nabla/internal/page"
	"example.com/nabla/internal/wire"
)

// maxBody bounds the bytes of a request.
const maxBody = 256 << 10

// Handler returns the page at / and the methods at /api/v1/.
func Handler() http.Handler {
	mux := http.NewServeMux()
	files := http.FileServerFS(page.ServerFS())
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", page.Policy+"; frame-ancestors 'none'")
		files.ServeHTTP(w, r)
	})
	mux.HandleFunc("POST /api/v1/{method}", call)
	for _, m := range wire.Methods() {
		if m.Lists {
			mux.HandleFunc("GET /api/v1/"+m.Name, func(w http.ResponseWriter, r *http.Request) { answer(w, r, m.Name, nil) })
		}
	}
	return mux
}

func call(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "the request is too large", http.StatusRequestEntityTooLarge)
		return
	}
	answer(w, r, r.PathValue("method"), body)
}

func answer(w http.ResponseWriter, r *http.Request, method string, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	out, failure := wire.Call(r.Context(), method, body)
	if failure != nil {
		w.WriteHeader(failure.Status())
		out, _ = wire.Marshal(map[string]any{"error": failure}, "")
	}
	w.Write(out)
}
