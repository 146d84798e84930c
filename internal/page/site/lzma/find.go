package lzma

// A match is what begins here and began at a distance before.
type match struct {
	length   int
	distance uint32
}

// A finder finds matches: the nearest of each length, by chains of places whose first bytes
// have the same hash.
type finder struct {
	data []byte
	two  []int32 // the last place of each two bytes, and of three by their hash
	tri  []int32
	head []int32 // the last place of each hash of four bytes
	prev []int32 // the place before in the chain
	list []match
}

const (
	hashBits = 18
	depth    = 400 // places of a chain that are looked at
)

func newFinder(data []byte) finder {
	f := finder{data: data, two: make([]int32, 1<<16), tri: make([]int32, 1<<hashBits), head: make([]int32, 1<<hashBits), prev: make([]int32, len(data))}
	for _, t := range [][]int32{f.two, f.tri, f.head} {
		for i := range t {
			t[i] = -1
		}
	}
	return f
}

// next returns the matches at a place, each longer and farther away than the one before. It
// is called for each place in turn.
func (f *finder) next(at int) []match {
	f.list = f.list[:0]
	rest := min(len(f.data)-at, maxMatch)
	if rest < 4 {
		return f.list
	}
	d := f.data[at:]
	v := uint32(d[0]) | uint32(d[1])<<8 | uint32(d[2])<<16
	h2, h3, h4 := v&0xffff, v*2654435761>>(32-hashBits), (v|uint32(d[3])<<24)*2654435761>>(32-hashBits)
	best := minMatch - 1
	try := func(place int32) {
		if place < 0 || best > 1 && f.data[int(place)+best] != d[best] {
			return
		}
		if n := common(f.data, at, int(place), rest); n > best {
			best = n
			f.list = append(f.list, match{n, uint32(at - int(place) - 1)})
		}
	}
	try(f.two[h2])
	if best < rest {
		try(f.tri[h3])
	}
	place := f.head[h4]
	for i := 0; i < depth && place >= 0 && best < rest; i++ {
		try(place)
		place = f.prev[place]
	}
	f.two[h2], f.tri[h3] = int32(at), int32(at)
	f.prev[at], f.head[h4] = f.head[h4], int32(at)
	return f.list
}
