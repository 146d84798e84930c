package main

import (
	"math"
	"os"
	"strconv"
	"strings"
)

// freeMemory is how many bytes the process may still take: what the machine has free, and
// what control groups and limits of the process leave. Where nothing is known it is 8 GB.
func freeMemory() int64 {
	free := int64(math.MaxInt64)
	if n, ok := memInfo("MemAvailable:"); ok {
		free = n
	}
	for _, g := range [][2]string{
		{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"},
		{"/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"},
	} {
		most, ok := number(g[0])
		used, known := number(g[1])
		if ok && known && most > used {
			free = min(free, most-used)
		}
	}
	if n, ok := addressLimit(); ok {
		free = min(free, n)
	}
	if free == math.MaxInt64 {
		return 8e9
	}
	return free
}

// memInfo returns a line of /proc/meminfo in bytes.
func memInfo(key string) (int64, bool) {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, key); ok {
			if f := strings.Fields(rest); len(f) > 0 {
				kB, err := strconv.ParseInt(f[0], 10, 64)
				return kB * 1024, err == nil
			}
		}
	}
	return 0, false
}

// number reads a file that has one number.
func number(path string) (int64, bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n, err == nil
}
