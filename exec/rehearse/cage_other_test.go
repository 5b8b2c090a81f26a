//go:build !linux

package rehearse_test

import "testing"

const cageVariable = "GATEWALK_TEST_CAGE"

// caged skips: only Linux has the means to cage a process.
func caged(t *testing.T) bool {
	t.Skip("SKIPPED: these commands run only where a process can be caged")
	return false
}

func enterCage(string) { panic("no cage here") }
