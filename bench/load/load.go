package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A load is a number of clients that ask a server, each one request after the other.
type load struct {
	addr     string
	clients  int
	duration time.Duration
	pause    time.Duration
	mix      mix
}

// A result is what came of it.
type result struct {
	kinds        map[string]*tally
	failed       []string // what is not as stated
	before, peak int64    // resident memory of the server
}

// A tally is what clients of one kind got.
type tally struct {
	status map[int]int
	times  []time.Duration // of answers other than 503
	busy   []time.Duration // of 503
}

// patience is the time after which a client takes the server for dead.
const patience = time.Minute

// run lets the clients ask; resident samples the memory of the server.
func (l *load) run(resident func() int64) *result {
	total := &result{kinds: map[string]*tally{}, before: resident()}
	var mu sync.Mutex
	var group sync.WaitGroup
	end := time.Now().Add(l.duration)
	for i := range l.clients {
		group.Go(func() {
			r := l.client(rand.New(rand.NewPCG(1, uint64(i))), end)
			mu.Lock()
			defer mu.Unlock()
			total.add(r)
		})
	}
	done := make(chan bool)
	go func() { group.Wait(); close(done) }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			total.peak = max(total.peak, resident())
		case <-done:
			return total
		}
	}
}

func (r *result) add(other *result) {
	r.failed = append(r.failed, other.failed...)
	for name, t := range other.kinds {
		all := r.tally(name)
		for status, n := range t.status {
			all.status[status] += n
		}
		all.times, all.busy = append(all.times, t.times...), append(all.busy, t.busy...)
	}
}

func (r *result) tally(name string) *tally {
	t := r.kinds[name]
	if t == nil {
		t = &tally{status: map[int]int{}}
		r.kinds[name] = t
	}
	return t
}

// client asks until end, on one connection as long as that lasts.
func (l *load) client(r *rand.Rand, end time.Time) *result {
	out := &result{kinds: map[string]*tally{}}
	var conn net.Conn
	var from *bufio.Reader
	defer func() {
		if conn != nil {
			conn.Close()
		}
	}()
	for n := 0; time.Now().Before(end); n++ {
		k := l.mix.pick(r)
		q := k.next(r)
		begin := time.Now()
		if conn == nil {
			c, err := net.DialTimeout("tcp", l.addr, patience)
			if err != nil {
				out.failed = append(out.failed, fmt.Sprintf("%s: %v", k.name, err))
				return out
			}
			conn, from = c, bufio.NewReader(c)
		}
		conn.SetDeadline(begin.Add(patience))
		status, body, keep, err := exchange(conn, from, l.addr, q, time.Duration(r.IntN(200))*time.Millisecond)
		took := time.Since(begin)
		if !keep || err != nil {
			conn.Close()
			conn = nil
		}
		t := out.tally(k.name)
		switch {
		case q.gone:
			t.status[0]++
		case err != nil && len(q.body) > 256<<10:
			// The server closes the connection while we send what is too much.
			t.status[http.StatusRequestEntityTooLarge]++
			t.times = append(t.times, took)
		case err != nil:
			out.failed = append(out.failed, fmt.Sprintf("%s: %v after %v", k.name, err, took.Round(time.Second)))
		case status == http.StatusServiceUnavailable:
			t.status[status]++
			t.busy = append(t.busy, took)
		case !slices.Contains(q.want, status):
			out.failed = append(out.failed, fmt.Sprintf("%s: %s %.200s: status %d %.300s", k.name, q.path, q.body, status, body))
		default:
			t.status[status]++
			t.times = append(t.times, took)
			if n%8 == 0 && strings.HasPrefix(q.path, "/api/") && !json.Valid(body) {
				out.failed = append(out.failed, fmt.Sprintf("%s: %s: no JSON: %.200s", k.name, q.path, body))
			}
		}
		if l.pause > 0 {
			time.Sleep(time.Duration(r.Int64N(int64(l.pause))))
		}
	}
	return out
}

// exchange sends a request and reads the answer. A client that leaves waits only so long.
func exchange(conn net.Conn, from *bufio.Reader, host string, q request, stay time.Duration) (status int, body []byte, keep bool, err error) {
	head := q.verb + " " + q.path + " HTTP/1.1\r\nHost: " + host + "\r\n"
	if q.verb == "POST" {
		head += "Content-Type: " + q.contentType + "\r\nContent-Length: " + strconv.Itoa(len(q.body)) + "\r\n"
	}
	if _, err := io.WriteString(conn, head+"\r\n"+q.body); err != nil {
		return 0, nil, false, err
	}
	if q.gone {
		time.Sleep(stay)
		return 0, nil, false, nil
	}
	resp, err := http.ReadResponse(from, nil)
	if err != nil {
		return 0, nil, false, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	return resp.StatusCode, body, !resp.Close, err
}

// settled waits until the server has nothing to do, and returns its resident memory.
func settled(addr string) (resident int64, err error) {
	for begin := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		resp, err := http.Get("http://" + addr + "/metrics")
		if err != nil {
			return 0, err
		}
		text, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			return 0, err
		}
		values := map[string]float64{}
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(strings.TrimSpace(line), " "); ok && name != "#" {
				values[name], _ = strconv.ParseFloat(value, 64)
			}
		}
		busy := values["nabla_held_bytes"]
		for _, lane := range []string{"quick", "slow"} {
			busy += values[`nabla_running{lane="`+lane+`"}`] + values[`nabla_waiting{lane="`+lane+`"}`]
		}
		if busy == 0 && values["nabla_requests_in_flight"] == 1 {
			if n := values["nabla_faults_total"]; n > 0 {
				return 0, fmt.Errorf("%g faults", n)
			}
			return int64(values["process_resident_memory_bytes"]), nil
		}
		if time.Since(begin) > 30*time.Second {
			return 0, fmt.Errorf("thirty seconds later the server is still busy:\n%s", text)
		}
	}
}

// table is the result in Markdown, kind by kind.
func (r *result) table() string {
	var b strings.Builder
	b.WriteString("| requests | number | answered | other status | 503 | median | p99 | slowest | p99 of 503 |\n|---|--:|--:|---|--:|--:|--:|--:|--:|\n")
	var names []string
	for name := range r.kinds {
		names = append(names, name)
	}
	slices.Sort(names)
	all := 0
	for _, name := range names {
		t := r.kinds[name]
		n, other := 0, []string{}
		for _, status := range sortedKeys(t.status) {
			n += t.status[status]
			if status != 0 && status != 200 && status != 503 {
				other = append(other, fmt.Sprintf("%d × %d", t.status[status], status))
			}
		}
		all += n
		fmt.Fprintf(&b, "| %s | %d | %s | %s | %s | %s | %s | %s | %s |\n", name, n, share(t.status[200], n), strings.Join(other, ", "), share(t.status[503], n),
			quantile(t.times, 0.5), quantile(t.times, 0.99), quantile(t.times, 1), quantile(t.busy, 0.99))
	}
	fmt.Fprintf(&b, "| all | %d | | | | | | | |\n", all)
	return b.String()
}

func sortedKeys(m map[int]int) []int {
	var keys []int
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func share(n, of int) string {
	if n == 0 || of == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(of))
}

// quantile is the time that a share of the times does not exceed.
func quantile(times []time.Duration, q float64) string {
	if len(times) == 0 {
		return ""
	}
	slices.Sort(times)
	d := times[min(len(times)-1, int(q*float64(len(times))))]
	if d < time.Second {
		return fmt.Sprintf("%.3g ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.3g s", d.Seconds())
}
