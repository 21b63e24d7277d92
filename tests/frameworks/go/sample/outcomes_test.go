// SPDX-License-Identifier: MIT

package sample

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestPasses(t *testing.T) {}

func TestFails(t *testing.T) {
	t.Error("one and one is not three")
}

func TestSkips(t *testing.T) {
	t.Skip("not today")
}

func TestPrints(t *testing.T) {
	fmt.Println("{\"Action\":\"fail\",\"Test\":\"TestPasses\"}")
	fmt.Println("--- passed or failed?")
}

func TestÜnïcödé(t *testing.T) {}

// Its name is the beginning of another's.
func TestPass(t *testing.T) {}

func TestNested(t *testing.T) {
	for _, name := range []string{
		"plain", "with blanks", "a/b", "quotes ' and \"", "$(touch tpsched-was-here)",
		"a * [x] (y)|z$", "ünïcödé ☃", "new\nline", "", "same", "same",
	} {
		t.Run(name, func(t *testing.T) {
			t.Run("inner", func(t *testing.T) {})
		})
	}
}

func TestNestedFails(t *testing.T) {
	t.Run("passes", func(t *testing.T) {})
	t.Run("fails", func(t *testing.T) { t.Fatal(errors.New("inner")) })
	t.Run("skips", func(t *testing.T) { t.Skip() })
}

func TestParallel(t *testing.T) {
	for _, name := range []string{"one", "two"} {
		t.Run(name, func(t *testing.T) { t.Parallel() })
	}
}

func TestInItsOwnDirectory(t *testing.T) {
	if _, err := os.Stat("outcomes_test.go"); err != nil {
		t.Fatal(err)
	}
}

func TestShort(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
}

func ExampleUpper() {
	fmt.Println(strings.ToUpper("shout"))
	// Output: SHOUT
}

func ExampleUpper_wrong() {
	fmt.Println("shout")
	// Output: SHOUT
}

func ExampleUpper_notRun() {
	fmt.Println("no output is expected, so it is only compiled")
}

func FuzzSeeds(f *testing.F) {
	f.Add("seed")
	f.Add("another")
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" {
			t.Fatal("empty")
		}
	})
}

func BenchmarkIsNoTestcase(b *testing.B) {}
