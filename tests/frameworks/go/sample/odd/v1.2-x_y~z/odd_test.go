// SPDX-License-Identifier: MIT

package odd

import "testing"

// The same name as in other packages.
func TestPasses(t *testing.T) {}
