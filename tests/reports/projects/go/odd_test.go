// Outcomes of each kind, and names and messages that XML can't hold.
package sample

import (
	"fmt"
	"os"
	"testing"
)

func TestPass(t *testing.T) {}

func TestFail(t *testing.T) {
	fmt.Println("printed \x1b[31mred\x1b[0m \x07 \xff")
	t.Error("a]]> <&")
}

func TestSkip(t *testing.T) { t.Skip("not now") }

func TestSub(t *testing.T) {
	for _, name := range []string{"same", "same", "esc \x1b[31m bel \x07", "]]> & < 😀", "bad \xff"} {
		t.Run(name, func(t *testing.T) {})
	}
}

// The second time it passes.
func TestFlaky(t *testing.T) {
	name := os.Getenv("SAMPLE_MARK")
	if _, err := os.Stat(name); name != "" && err != nil {
		os.WriteFile(name, nil, 0o600)
		t.Fatal("first time")
	}
}
