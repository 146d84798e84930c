package main

import (
	"context"
	"net"
	"runtime"
	"testing"
	"time"

	"example.com/nabla/internal/server"
)

// A short load of each mix: whatever is answered is as stated, short requests are answered
// beside hostile ones, and afterwards nothing is left.
func TestLoad(t *testing.T) {
	for _, m := range mixes {
		t.Run(m.name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			s := server.New(l.Addr(), server.Config{Time: time.Second})
			go func() { ended <- s.Serve(ctx, l) }()
			defer stop()
			clients, duration := 200, 3*time.Second
			if testing.Short() {
				clients, duration = 50, time.Second
			}
			load := &load{addr: l.Addr().String(), clients: clients, duration: duration, mix: m}
			r := load.run(func() int64 {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				return int64(m.HeapAlloc)
			})
			t.Logf("\n%s", r.table())
			for _, f := range r.failed {
				t.Error(f)
			}
			if r.peak > 2<<30 {
				t.Errorf("%d MB on the heap", r.peak>>20)
			}
			if k := r.kinds[short.name]; k.status[200] < (k.status[200]+k.status[503])*9/10 {
				t.Errorf("of the short requests are answered %v", k.status)
			}
			if _, err := settled(load.addr); err != nil {
				t.Error(err)
			}
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}
