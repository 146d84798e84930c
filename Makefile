# The page as static files, with the engine as WebAssembly, in site/. Needs Go; TinyGo, where
# it is found, makes the engine three times smaller.
site:
	go run ./internal/page/site -o site

.PHONY: site
