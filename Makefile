# The page as static files, with the engine as WebAssembly, in site/. Needs Go; TinyGo, which
# is built first where this machine has what it needs, makes the engine four times smaller.
site:
	@internal/page/site/tinygo.sh $(TINYGO) || echo "the engine is compiled by Go instead" >&2
	go run ./internal/page/site -o site

# TinyGo, from its Go module, where internal/page/site looks for it.
tinygo:
	internal/page/site/tinygo.sh $(TINYGO)

TINYGO = "$${XDG_CACHE_HOME:-$$HOME/.cache}/nabla-tinygo"

.PHONY: site tinygo
