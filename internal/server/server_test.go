package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHandler(t *testing.T) {
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/", "", 200, "<!DOCTYPE html>"},
		{"GET", "/api/v1/languages", "", 200, `"name":"numpy"`},
		{"POST", "/api/v1/diff", `{"expr": "x'*A*x", "wrt": "x"}`, 200, `"text":"(A + Aᵀ) x"`},
		{"POST", "/api/v1/diff", `{"expr": "x'*A*", "wrt": "x"}`, 422, `"column":`},
		{"POST", "/api/v1/diff", `{`, 400, `"code":"request"`},
		{"POST", "/api/v1/nothing", `{}`, 404, `"code":"method"`},
		{"POST", "/api/v1/diff", strings.Repeat(" ", maxBody+1), 413, "too large"},
	} {
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, httptest.NewRequest(c.method, c.path, strings.NewReader(c.body)))
		if w.Code != c.status || !strings.Contains(strings.ToLower(w.Body.String()), strings.ToLower(c.want)) {
			t.Errorf("%s %s: %d %.200s", c.method, c.path, w.Code, w.Body)
		}
	}
	var _ http.Handler = Handler()
}
