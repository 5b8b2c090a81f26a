package local_test

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"

	"gatewalk/exec"
	"gatewalk/exec/local"
)

// parentWord makes the test program a process that launches one attempt and then only waits to be killed.
const parentWord = "parent"

// hostile is for a parent that has ignored and blocked all signals and leaks a descriptor.
const hostile = "hostile"

// brief is for a parent that waits for the end of its attempt and then ends by itself.
const brief = "brief"

// idle makes the test program a process that says that it has begun, and then does nothing until its input ends.
const (
	idle  = "idle"
	begun = "begun"
)

func beIdle() {
	fmt.Print(begun)
	_, _ = os.Stdin.Read(make([]byte, 1))
	os.Exit(0)
}

// beParent is started as: parent DIRECTORY COMMAND [hostile|brief].
func beParent(arguments []string) {
	if len(arguments) > 2 && arguments[2] == hostile {
		beHostile()
	}
	runner := local.New(arguments[0], local.Options{})
	launch := exec.Launch{
		Attempt: 1, Commands: strings.Split(arguments[1], "\x1e"),
		Secrets: []exec.Secret{{Name: "API_KEY", Value: []byte("sentinel-of-the-parent")}},
	}
	if err := runner.Launch(context.Background(), launch); err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	fmt.Println("launched")
	if len(arguments) > 2 && arguments[2] == brief {
		_ = runner.Follow(context.Background(), 1, 0, nobody{}) // the test looks at what is left
		os.Exit(0)
	}
	select {}
}

func beHostile() {
	signal.Ignore()
	runtime.LockOSThread()
	var blocked unix.Sigset_t
	for i := range blocked.Val {
		blocked.Val[i] = ^blocked.Val[i]
	}
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &blocked, nil); err != nil {
		panic(err)
	}
	var pipe [2]int
	if err := unix.Pipe(pipe[:]); err != nil {
		panic(err)
	}
	unix.Umask(0o031)
}
