#!/usr/bin/env bash
# Bundles what entry.js names into codemirror.min.js, from the npm packages below, and
# joins their licences in LICENSE. Needs npm and Node.js.
#
#   ./rebuild.sh
set -euo pipefail
cd "$(dirname "$0")"
packages=(
	@codemirror/state@6.7.6
	@codemirror/view@6.43.15
	@codemirror/commands@6.11.1
	@codemirror/language@6.13.1
	@codemirror/lint@6.9.8
	@codemirror/autocomplete@6.20.4
	@codemirror/streamparser@6.0.0
	@lezer/common@1.5.5
	@lezer/highlight@1.2.5
	@lezer/lr@1.4.12
	@marijn/find-cluster-break@1.0.4
	crelt@1.0.7
	style-mod@4.1.4
	w3c-keyname@2.2.8
)
esbuild=esbuild@0.28.2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp entry.js stylemod.js "$work"
(
	cd "$work"
	echo '{"private": true}' >package.json
	npm install --silent --no-audit --no-fund --save-exact "${packages[@]}" "$esbuild"
	# Another version of a package, asked for by one of them, would lie deeper.
	if find node_modules -mindepth 3 -name node_modules | grep .; then
		echo "rebuild.sh: more than one version of a package" >&2
		exit 1
	fi
	npx esbuild entry.js --bundle --minify --format=esm --target=es2022 --charset=utf8 \
		--legal-comments=none --alias:style-mod=./stylemod.js --outfile=codemirror.min.js --log-level=warning
)
{
	echo "codemirror.min.js holds code of these packages."
	for package in "${packages[@]}"; do
		printf '\n%s\n\n' "== $package"
		cat "$work/node_modules/${package%@*}/LICENSE"
	done
} >LICENSE
cp "$work/codemirror.min.js" .
