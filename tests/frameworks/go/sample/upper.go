// SPDX-License-Identifier: MIT

package sample

import "strings"

// Upper is there for the examples.
func Upper(text string) string { return strings.ToUpper(text) }
