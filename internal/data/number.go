package data

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// A number is how a number stands in an npy file.
type number struct {
	typ  Type
	size int
	// decode reads a number at every size bytes of src, as many as there are, and puts
	// them in dst[0], dst[step], …. It returns how many of them were rounded.
	decode func(dst []float64, step int, src []byte) int
	// direct tells that the bytes are those of a float64 in memory.
	direct bool
}

// little tells whether this machine is little-endian, as most files are.
var little = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// numberOf reads the descr of a header: a string such as <f8, or what holds no numbers.
func numberOf(descr any) (number, error) {
	const asFloat = "X.astype(float)"
	refuse := func(what, how string) (number, error) {
		e := &Error{Message: "the array holds " + what}
		if how != "" {
			e.Hint = "in Python, numpy.save(FILE, " + how + ") writes numbers"
		}
		return number{}, e
	}
	if list, ok := descr.(pyList); ok {
		var names []string
		for _, field := range list {
			if t, ok := field.(pyTuple); ok && len(t) > 1 {
				name, _ := t[0].(string)
				names = append(names, name)
			}
		}
		what := "records"
		how := "X[FIELD]"
		if len(names) > 0 {
			what += " with the fields " + enumerate(some(names))
			how = fmt.Sprintf("X['%s']", clip(names[0]))
		}
		return refuse(what+" (a structured dtype), not numbers", how)
	}
	text, ok := descr.(string)
	if !ok {
		return number{}, &Error{Message: "corrupt header: the descr is no string"}
	}
	kind := text
	var order binary.ByteOrder = binary.LittleEndian
	if kind != "" && strings.IndexByte("<>=|", kind[0]) >= 0 {
		if kind[0] == '>' {
			order = binary.BigEndian
		}
		kind = kind[1:]
	}
	if kind != "" {
		switch kind[0] {
		case 'O':
			return refuse("Python objects (dtype object), not numbers", asFloat)
		case 'c':
			return refuse("complex numbers, not real ones", "X.real")
		case 'S', 'a', 'U':
			return refuse("strings, not numbers", asFloat)
		case 'M', 'm':
			return refuse("dates or times, not numbers", "X.astype('int64')")
		case 'V':
			return refuse("raw bytes, not numbers", "")
		}
	}
	switch kind {
	case "f8":
		if order == binary.LittleEndian {
			return number{typ: Float64, size: 8, decode: float64s, direct: little}, nil
		}
		return number{typ: Float64, size: 8, decode: exact(8, func(b []byte) float64 { return math.Float64frombits(order.Uint64(b)) })}, nil
	case "f4":
		if order == binary.LittleEndian {
			return number{typ: Float32, size: 4, decode: float32s}, nil
		}
		return number{typ: Float32, size: 4, decode: exact(4, func(b []byte) float64 { return float64(math.Float32frombits(order.Uint32(b))) })}, nil
	case "f2":
		return number{typ: Float16, size: 2, decode: exact(2, func(b []byte) float64 { return half(order.Uint16(b)) })}, nil
	case "i1":
		return number{typ: Int8, size: 1, decode: exact(1, func(b []byte) float64 { return float64(int8(b[0])) })}, nil
	case "i2":
		return number{typ: Int16, size: 2, decode: exact(2, func(b []byte) float64 { return float64(int16(order.Uint16(b))) })}, nil
	case "i4":
		return number{typ: Int32, size: 4, decode: exact(4, func(b []byte) float64 { return float64(int32(order.Uint32(b))) })}, nil
	case "u1":
		return number{typ: Uint8, size: 1, decode: exact(1, func(b []byte) float64 { return float64(b[0]) })}, nil
	case "u2":
		return number{typ: Uint16, size: 2, decode: exact(2, func(b []byte) float64 { return float64(order.Uint16(b)) })}, nil
	case "u4":
		return number{typ: Uint32, size: 4, decode: exact(4, func(b []byte) float64 { return float64(order.Uint32(b)) })}, nil
	case "i8":
		return number{typ: Int64, size: 8, decode: func(dst []float64, step int, src []byte) int {
			return integers(dst, step, src, func(b []byte) (float64, bool) { return ofInt(int64(order.Uint64(b))) })
		}}, nil
	case "u8":
		return number{typ: Uint64, size: 8, decode: func(dst []float64, step int, src []byte) int {
			return integers(dst, step, src, func(b []byte) (float64, bool) { return ofUint(order.Uint64(b)) })
		}}, nil
	case "b1":
		return number{typ: Bool, size: 1, decode: exact(1, func(b []byte) float64 {
			if b[0] != 0 {
				return 1
			}
			return 0
		})}, nil
	}
	if strings.HasPrefix(kind, "f") {
		return number{}, &Error{Message: fmt.Sprintf("numbers of type %q are not read", clip(text)),
			Hint: "in Python, numpy.save(FILE, " + asFloat + ") writes numbers that are"}
	}
	return number{}, &Error{Message: fmt.Sprintf("corrupt header: %q is no type of numbers", clip(text))}
}

// exact decodes numbers of which each is a float64.
func exact(size int, one func([]byte) float64) func([]float64, int, []byte) int {
	return func(dst []float64, step int, src []byte) int {
		for i := 0; len(src) >= size; i += step {
			dst[i] = one(src)
			src = src[size:]
		}
		return 0
	}
}

// float64s and float32s decode the two types of large files, little-endian.
func float64s(dst []float64, step int, src []byte) int {
	if step == 1 {
		dst = dst[:len(src)/8]
		for i := range dst {
			dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(src[8*i:]))
		}
		return 0
	}
	for i := 0; len(src) >= 8; i += step {
		dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(src))
		src = src[8:]
	}
	return 0
}

func float32s(dst []float64, step int, src []byte) int {
	if step == 1 {
		dst = dst[:len(src)/4]
		for i := range dst {
			dst[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(src[4*i:])))
		}
		return 0
	}
	for i := 0; len(src) >= 4; i += step {
		dst[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(src)))
		src = src[4:]
	}
	return 0
}

// integers decodes 64-bit integers and counts those that are no float64.
func integers(dst []float64, step int, src []byte, one func([]byte) (float64, bool)) (rounded int) {
	for i := 0; len(src) >= 8; i += step {
		v, ok := one(src)
		if !ok {
			rounded++
		}
		dst[i] = v
		src = src[8:]
	}
	return rounded
}

// ofInt and ofUint return the nearest float64 and whether it is the integer itself.
func ofInt(k int64) (float64, bool) {
	v := float64(k)
	return v, v < 1<<63 && int64(v) == k
}

func ofUint(k uint64) (float64, bool) {
	v := float64(k)
	return v, v < 1<<64 && uint64(v) == k
}

// half is the value of a number of 16 bits (IEEE 754 binary16): a sign, 5 bits of
// exponent and 10 of fraction.
func half(bits uint16) float64 {
	sign := 1.0
	if bits>>15 != 0 {
		sign = -1
	}
	fraction := float64(bits & 0x3ff)
	switch e := int(bits >> 10 & 0x1f); e {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 31:
		if fraction != 0 {
			return math.NaN()
		}
		return math.Inf(int(sign))
	default:
		return sign * math.Ldexp(1024+fraction, e-25)
	}
}

// enumerate is "a", "a and b" or "a, b and c".
func enumerate(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
