// SPDX-License-Identifier: MIT

package killed

import (
	"os"
	"testing"
)

func TestBefore(t *testing.T) {}

func TestKilled(t *testing.T) {
	process, _ := os.FindProcess(os.Getpid())
	process.Kill()
	select {}
}

func TestAfter(t *testing.T) {}
