package more

import "testing"

func TestBefore(t *testing.T) {}

func TestPanics(t *testing.T) { panic("at the disco") }

func TestNever(t *testing.T) {}
