package syntax

import "example.com/nabla/internal/message"

// say makes a sentence of a template of the catalogue.
var say = message.Say

// none stands for a hint that there is none of.
var none message.Text
