#!/usr/bin/env bash
# Fetches the files of this folder from the npm package of the version given, or of
# that in katex.go. Needs npm and tar.
#
#   ./rebuild.sh [VERSION]
set -euo pipefail
cd "$(dirname "$0")"
version=${1:-$(sed -n 's/^const Version = "\(.*\)"$/\1/p' katex.go)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "katex@$version" >/dev/null && tar -xzf katex-*.tgz)
rm -rf fonts
mkdir fonts
cp "$work"/package/dist/katex.min.js "$work"/package/dist/katex.min.css "$work"/package/LICENSE .
cp "$work"/package/dist/fonts/*.woff2 fonts/
sed -i "s/^const Version = .*/const Version = \"$version\"/" katex.go
