package blas

// panelsGo copies to panels of four columns.
func panelsGo(dst []float64, jump int, src []float64, ld, rows, cols int, scale []float64) {
	const width = 4
	for q := range rows {
		row := src[q*ld:][:cols]
		to := dst[q*width:]
		for len(row) >= width {
			*(*[width]float64)(to) = *(*[width]float64)(row)
			row = row[width:]
			if len(row) > 0 {
				to = to[jump:]
			}
		}
		if len(row) > 0 {
			clear(to[copy(to[:width], row):width])
		}
		if len(scale) > 0 {
			for at := q * width; at < q*width+(cols+width-1)/width*jump; at += jump {
				mulScalarGo(dst[at:at+width], dst[at:at+width], scale[q])
			}
		}
	}
}

// stripGo transposes at most four rows.
func stripGo(dst []float64, ldd int, src []float64, lds, rows, cols int) {
	if rows == 4 {
		s0 := src[:cols]
		s1 := src[lds:][:cols]
		s2 := src[2*lds:][:cols]
		s3 := src[3*lds:][:cols]
		for q, v := range s0 {
			to := dst[q*ldd : q*ldd+4 : q*ldd+4]
			to[0], to[1], to[2], to[3] = v, s1[q], s2[q], s3[q]
		}
		return
	}
	for i := range rows {
		at := i
		for _, v := range src[i*lds:][:cols] {
			dst[at] = v
			at += ldd
		}
	}
}

func copyRowsGo(dst []float64, ldd int, src []float64, lds, rows, cols int) {
	for i := range rows {
		copy(dst[i*ldd:][:cols], src[i*lds:])
	}
}
