// Package docs has what programs serve of the documentation.
package docs

import _ "embed"

// OpenAPI describes the HTTP interface, as OpenAPI 3.1. It is made from the types of package
// wire by the tests of package server.
//
//go:embed openapi.json
var OpenAPI []byte
