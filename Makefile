# The page as static files, with the engine as WebAssembly, in site/. Needs Go; TinyGo, where
# it is found, makes the engine three times smaller.
site:
	go run ./internal/page/site -o site

.PHONY: site

# TinyGo, from its Go module, where `make site` looks for it; internal/page/site/tinygo.sh says
# what it needs.
tinygo:
	internal/page/site/tinygo.sh "$${XDG_CACHE_HOME:-$$HOME/.cache}/nabla-tinygo"

.PHONY: tinygo
