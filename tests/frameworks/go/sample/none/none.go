// SPDX-License-Identifier: MIT

// Package none has no tests.
package none
