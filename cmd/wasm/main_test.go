package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unsafe"
)

func ask(t *testing.T, method, body string) (string, bool) {
	t.Helper()
	buffer(int32(len(method) + len(body)))
	copy(request, method+body)
	ok := call(int32(len(method)), 5000)
	if !json.Valid(reply) {
		t.Errorf("%s %s: not JSON: %s", method, body, reply)
	}
	return string(unsafe.Slice((*byte)(answer()), length())), ok == 1
}

func TestCall(t *testing.T) {
	got, ok := ask(t, "diff", `{"expr": "norm2(X*w - y)^2", "wrt": ["w"]}`)
	if !ok || !strings.Contains(got, `"text":"2 Xᵀ(X w − y)"`) {
		t.Errorf("diff: %v %s", ok, got)
	}
	for _, c := range []struct{ method, body, want string }{
		{"diff", `{"expr": "norm2(X*w - y", "wrt": ["w"]}`, `{"error":{"code":"input",`},
		{"diff", `{"expr": 3}`, `{"error":{"code":"request",`},
		{"nothing", `{}`, `{"error":{"code":"method",`},
	} {
		if got, ok := ask(t, c.method, c.body); ok || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s %s: %v %s, want %s…", c.method, c.body, ok, got, c.want)
		}
	}
}

func TestDeadline(t *testing.T) {
	if err := deadline(time.Now().Add(time.Minute)).Err(); err != nil {
		t.Error(err)
	}
	past := deadline(time.Now().Add(-time.Second))
	if past.Err() != context.DeadlineExceeded {
		t.Error("the time is over")
	}
	if got, ok := respond("diff", []byte(`{"expr": "x^2"}`), -time.Second); ok || !strings.Contains(string(got), `"code":"limit"`) {
		t.Errorf("%v %s", ok, got)
	}
}
