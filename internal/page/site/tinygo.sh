#!/bin/sh
# Builds TinyGo from its Go module into a directory, against LLVM of the system:
#
#	internal/page/site/tinygo.sh DIR
#
# The module lacks the C library and the compiler's run time; the engine is linked with those
# of Debian. There, as root:
#
#	apt-get install --no-install-recommends g++ llvm-19-dev libclang-19-dev clang-19 lld-19 \
#		libclang-rt-19-dev-wasm32 wasi-libc binaryen
set -eu
version=v0.41.1
module=github.com/tinygo-org/tinygo

if "$1/bin/tinygo" version 2>/dev/null | grep -q "version ${version#v} "; then
	exit
fi
missing=
for file in /usr/lib/llvm-19/include/llvm-c/Core.h /usr/lib/llvm-19/include/clang-c/Index.h /usr/lib/wasm32-wasi/libc.a \
	/usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a; do
	[ -e "$file" ] || missing="$missing $file"
done
for tool in go g++ clang-19 wasm-ld-19 wasm-opt; do
	command -v "$tool" >/dev/null || missing="$missing $tool"
done
if [ -n "$missing" ]; then
	echo "no TinyGo: this machine lacks$missing; $0 names Debian's packages" >&2
	exit 1
fi

mkdir -p "$1"
dir=$(cd "$1" && pwd)
cd "$dir" # outside of any module: its versions are TinyGo's own
export GOFLAGS= GO111MODULE=on GOWORK=off
go mod download "$module@$version"
cp -r "$(go env GOMODCACHE)/$module@$version/." .
chmod -R u+w .
go build -tags llvm19 -o bin/tinygo .
mkdir -p src/net # a module of its own, which the engine does not need
bin/tinygo version
