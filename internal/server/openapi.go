package server

import "example.com/nabla/docs"

// openAPI is the description of the interface.
func openAPI() []byte { return docs.OpenAPI }
