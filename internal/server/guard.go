package server

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"example.com/nabla/internal/message"
	"example.com/nabla/internal/page"
)

// A hostCheck says which Host headers name the server. A page of a stranger can let its own
// name point to this address, and its scripts then ask this server as if they were from it;
// the Host header has that name.
type hostCheck struct {
	names     []string
	addr      netip.Addr // that the server listens on; invalid where that is unknown
	loopback  bool
	everybody bool // listens on all addresses
}

func newHostCheck(addr net.Addr, names []string) hostCheck {
	h := hostCheck{}
	for _, n := range names {
		h.names = append(h.names, hostname(n))
	}
	if tcp, ok := addr.(*net.TCPAddr); ok {
		h.addr, _ = netip.AddrFromSlice(tcp.IP)
		h.addr = h.addr.Unmap()
		h.everybody = len(tcp.IP) == 0 || tcp.IP.IsUnspecified()
		h.loopback = tcp.IP.IsLoopback() || h.everybody
	}
	return h
}

// allows reports whether a Host header names the server. An address in place of a name
// needs no looking up, so nobody else can let it point here.
func (h *hostCheck) allows(host string) bool {
	name := hostname(host)
	if slices.Contains(h.names, name) || h.loopback && name == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	if err != nil {
		return false
	}
	ip = ip.Unmap()
	return h.everybody || ip == h.addr || h.loopback && ip.IsLoopback()
}

// hostname is the name in a Host header, without port, in lower case.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// pagePolicy is the Content-Security-Policy of the page.
const pagePolicy = page.Policy + "; frame-ancestors 'none'"

// The headers of all answers. The page gets pagePolicy.
var safeHeaders = [][2]string{
	{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"},
	{"X-Content-Type-Options", "nosniff"},
	{"X-Frame-Options", "DENY"},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Permissions-Policy", "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), " +
		"magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), usb=(), xr-spatial-tracking=()"},
}

// guard refuses who does not name the server or comes from a page that may not ask it.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, h := range safeHeaders {
			w.Header().Set(h[0], h[1])
		}
		if !s.host.allows(r.Host) {
			s.refuse(w, r, http.StatusMisdirectedRequest, message.Say("no host of that name is served here; nabla serve --host allows one"))
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" {
			w.Header().Add("Vary", "Origin")
			switch {
			case slices.Contains(s.cfg.Origins, "*"):
				share(w, "*")
			case slices.Contains(s.cfg.Origins, origin):
				share(w, origin)
			case !sameOrigin(origin, r.Host):
				s.refuse(w, r, http.StatusForbidden, message.Say("pages of that origin may not ask this server; nabla serve --cors allows one"))
				return
			}
		}
		if s.draining.Load() && r.URL.Path != "/metrics" {
			s.busy(w, r, message.Say("the server is going down"), 5)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// share lets pages of an origin read the answer.
func share(w http.ResponseWriter, origin string) {
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Expose-Headers", "Retry-After, X-Request-ID")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// preflight answers a browser that asks whether a page may ask.
func preflight(w http.ResponseWriter, methods string) {
	if w.Header().Get("Access-Control-Allow-Origin") != "" {
		w.Header().Set("Access-Control-Allow-Methods", methods)
		w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
		w.Header().Set("Access-Control-Max-Age", "600")
		w.Header().Set("Access-Control-Allow-Private-Network", "true")
	}
	w.Header().Set("Allow", methods)
	w.WriteHeader(http.StatusNoContent)
}

// sameOrigin reports whether an origin is the server's own, as addressed by host. The scheme
// may differ: a proxy may speak https for the server.
func sameOrigin(origin, host string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return false
	}
	return strings.EqualFold(withPort(u.Host, u.Scheme), withPort(host, u.Scheme))
}

// withPort states the port that a scheme implies.
func withPort(host, scheme string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	port := "80"
	if scheme == "https" {
		port = "443"
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), port)
}
