// SPDX-License-Identifier: MIT

package panics

import "testing"

func TestBefore(t *testing.T) {}

func TestPanics(t *testing.T) {
	panic("on purpose")
}

func TestAfter(t *testing.T) {}
