package nabla

import "errors"

// Differentiate answers a request.
func Differentiate(req Request) (*Result, error) {
	return nil, errors.New("not built yet")
}
