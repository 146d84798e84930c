package browsertest

import "testing"

// TestModules calls functions of the page's modules that have no document: each line is an
// expression and its value as JSON. Only the browser can run them.
func TestModules(t *testing.T) {
	s := sites(t)[0]
	b := start(t, s, view{})
	b.do(`(async () => {
		window.__declare = await import("./declare.js");
		window.__state = await import("./state.js");
		window.__language = await import("./language.js");
		window.__transport = await import("./transport.js");
	})()`)
	for _, c := range []struct{ js, want string }{
		// Declarations, read and written.
		{`__declare.parse("matrix(m, n) symmetric posdef")`, `{"kind":"matrix","sizes":["m","n"],"facts":["symmetric","posdef"]}`},
		{`__declare.parse("vector(2*(n + 1)), i = 1..N")`, `{"kind":"vector","sizes":["2*(n + 1)"],"facts":[],"range":"i = 1..N"}`},
		{`__declare.parse("vectors")`, `null`},
		{`__declare.parse("vector(n")`, `null`},
		{`__declare.write(__declare.parse("vector(n) positive, i = 1..N"))`, `"vector(n) positive, i = 1..N"`},
		{`__declare.withSize("matrix(n + 1, m)", "n", "3")`, `"matrix(3 + 1, m)"`},
		{`__declare.withSize("matrix(2*n, m)", "n", "k + 1")`, `"matrix(2*(k + 1), m)"`},
		{`__declare.write(__declare.withFact({kind: "matrix", sizes: ["m", "n"], facts: []}, "symmetric", true))`, `"matrix(m, m) symmetric"`},
		{`__declare.write(__declare.withSizes({kind: "matrix", sizes: ["n", "n"], facts: ["symmetric", "positive"]}, ["n", "p"]))`, `"matrix(n, p) positive"`},
		{`__declare.write(__declare.withKind({kind: "scalar", sizes: [], facts: ["positive", "integer"]}, "vector", ["n"]))`, `"vector(m) positive"`},
		// Declarations in a text.
		{`[...__declare.declaredNames("A, B: matrix(n, n); x[i]: vector(n), i = 1..N # C: scalar\nr := A*x\nf(a: b)")]`, `["A","B","x"]`},
		{`redeclared("A: matrix(n, n)\ntr(A)", "A", "matrix(n, n) symmetric")`, `"A: matrix(n, n) symmetric\ntr(A)"`},
		{`redeclared("A, B: matrix(n, n); tr(A*B)", "B", "matrix(n, n) posdef")`, `"A: matrix(n, n); B: matrix(n, n) posdef; tr(A*B)"`},
		{`redeclared("x[i]: vector(n), i = 1..N  # samples\nsum(i, x[i])", "x[i]", "vector(p), i = 1..N")`, `"x[i]: vector(p), i = 1..N  # samples\nsum(i, x[i])"`},
		{`redeclared("A: matrix(n, n); tr(A)", "A", "")`, `"tr(A)"`},
		{`__declare.redeclare("tr(A)", "A", "matrix(n, n)")`, `null`},
		// Declarations by clicking count where the text has the name and does not declare it.
		{`__state.effective({...__state.initial, text: "x: vector(n); x'*A*x", vars: {x: "vector(m)", A: "matrix(n, n)", B: "scalar"}})`, `{"A":"matrix(n, n)"}`},
		{`__state.effective({...__state.initial, text: "sum(i, x[i]'*w)", vars: {"x[i]": "vector(n), i = 1..N"}})`, `{"x[i]":"vector(n), i = 1..N"}`},
		// A link gives back what it was made of, and nothing else.
		{`link({text: "‖X w − y‖²", vars: {X: "matrix(m, n)"}, wrt: ["w"], order: 2, extra: {claim: "2*w"}})`, `true`},
		{`link({text: "x", vars: JSON.parse('{"__proto__": "scalar"}')})`, `true`},
		{`__state.decode("")`, `{"problem":"empty"}`},
		{`__state.decode("#n2.q1Yq")`, `{"problem":"version"}`},
		{`__state.decode("#n1.q1Yq")`, `{"problem":"damaged"}`},
		{`__state.decode("#n1.!")`, `{"problem":"damaged"}`},
		{`__state.decode("#editor")`, `{"problem":"damaged"}`},
		{`packed({order: 9})`, `{"problem":"damaged"}`},
		{`packed({wrt: "w"})`, `{"problem":"damaged"}`},
		{`packed({text: {}})`, `{"problem":"damaged"}`},
		{`packed([1])`, `{"problem":"damaged"}`},
		{`packed({text: "x".repeat(20001)})`, `{"problem":"damaged"}`},
		{`packed({other: "x".repeat(1e7)})`, `{"problem":"damaged"}`},
		{`packed({other: 1, text: "x"}).then((d) => Object.keys(d.state).includes("other"))`, `false`},
		// LaTeX is told from programs.
		{`["\\|x\\|", "$x$", "x^\\top", "x'*A", "‖x‖", "a_{i}"].map(__language.looksLikeLatex)`, `[true,true,true,false,false,false]`},
		// Only the newest call of a kind counts; a call that runs gets time to end.
		{`queue()`, `["1: AbortError","2: AbortError","3: three","sent 1 3","workers 1"]`},
		{`patience()`, `["1: AbortError","2: two","sent 1 2","workers 2"]`},
		{`silence()`, `["1: limit 503","workers 1"]`},
	} {
		got := eval[string](b, `(async () => {`+moduleHelpers+`
			return JSON.stringify(await (`+c.js+`));
		})()`)
		if got != c.want {
			t.Errorf("%s\n is %s\nnot %s", c.js, got, c.want)
		}
	}
}

// moduleHelpers are functions that the lines of TestModules call.
const moduleHelpers = `
	function redeclared(text, name, type) {
		const c = __declare.redeclare(text, name, type);
		return text.slice(0, c.from) + c.insert + text.slice(c.to);
	}
	async function link(part) {
		const state = {...__state.initial, ...part};
		const back = await __state.decode("#" + await __state.encode(state));
		return JSON.stringify(back.state) === JSON.stringify(state);
	}
	async function packed(value) {
		const stream = new Blob([JSON.stringify(value)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
		let s = "";
		for (const b of new Uint8Array(await new Response(stream).arrayBuffer())) s += String.fromCharCode(b);
		return __state.decode("#n1." + btoa(s).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, ""));
	}
	// A worker that answers each question after a time.
	function transport(after, times) {
		const real = Worker, log = {sent: [], workers: 0};
		window.Worker = class {
			constructor() { log.workers++; }
			terminate() { this.dead = true; }
			postMessage({id, method}) {
				log.sent.push(id);
				setTimeout(() => { if (!this.dead) this.onmessage({data: {id, ok: true, json: JSON.stringify(method)}}); }, after(id));
			}
		};
		const early = window.nablaEngine;
		delete window.nablaEngine;
		const t = __transport.workerTransport("none.js", times);
		window.nablaEngine = early;
		return {t, log, end: () => { window.Worker = real; }};
	}
	const told = (call, id) => call.then((v) => id + ": " + v, (e) => id + ": " + (e.problem ? e.problem.code + " " + e.problem.status : e.name));
	async function queue() {
		const {t, log, end} = transport(() => 20, {});
		const call = __transport.newest(t);
		const all = await Promise.all(["one", "two", "three"].map((m, i) => told(call(m, {}, {kind: "k"}), i + 1)));
		end();
		return [...all, "sent " + log.sent.join(" "), "workers " + log.workers];
	}
	async function patience() {
		const {t, log, end} = transport((id) => (id === 1 ? 60000 : 5), {patience: 20});
		const call = __transport.newest(t);
		const all = await Promise.all(["one", "two"].map((m, i) => told(call(m, {}, {kind: "k"}), i + 1)));
		end();
		return [...all, "sent " + log.sent.join(" "), "workers " + log.workers];
	}
	async function silence() {
		const {t, log, end} = transport(() => 60000, {limit: 20});
		const one = await told(t.call("one", {}), 1);
		end();
		return [one, "workers " + log.workers];
	}
`
