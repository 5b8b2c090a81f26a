package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"gatewalk/steps"
)

// ext4 is a small file system in a file, whose power can be cut.
type ext4 struct {
	t           *testing.T
	image, path string
	mounted     bool
}

// newExt4 needs root. All it touches is the file and the mount point in the test's own directory.
func newExt4(t *testing.T) *ext4 {
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: a power cut needs a file system of its own, and mounting one needs root")
	}
	for _, tool := range []string{"mkfs.ext4", "mount", "umount"} {
		if _, err := osexec.LookPath(tool); err != nil {
			t.Skipf("SKIPPED: this machine has no %s, so that no power is cut", tool)
		}
	}
	dir := t.TempDir()
	e := &ext4{t: t, image: filepath.Join(dir, "image"), path: filepath.Join(dir, "disk")}
	require.NoError(t, os.WriteFile(e.image, nil, 0o600))
	require.NoError(t, os.Truncate(e.image, 24<<20))
	require.NoError(t, os.Mkdir(e.path, 0o700))
	require.NoError(t, command("mkfs.ext4", "-q", "-F", e.image))
	t.Cleanup(e.off)
	return e
}

func command(name string, args ...string) error {
	out, err := osexec.Command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, out)
	}
	return nil
}

func (e *ext4) on() {
	if err := command("mount", "-o", "loop", e.image, e.path); err != nil {
		e.t.Skipf("SKIPPED: no loop device can be mounted here: %v", err)
	}
	e.mounted = true
	require.NoError(e.t, os.Chmod(e.path, 0o700))
}

// off waits for the kernel to let go: another process may have taken our mount along into a namespace of its own.
func (e *ext4) off() {
	if e.mounted {
		require.NoError(e.t, command("umount", e.path))
		e.mounted = false
		require.Eventually(e.t, e.released, time.Minute, time.Millisecond, "%s is still mounted for another process", e.image)
	}
}

// released says whether no loop device has the image any more (loop(4), /sys/block/loopN/loop/backing_file).
func (e *ext4) released() bool {
	backing, _ := filepath.Glob("/sys/block/loop*/loop/backing_file")
	return !slices.ContainsFunc(backing, func(name string) bool {
		image, _ := os.ReadFile(name)
		return strings.TrimSpace(string(image)) == e.image
	})
}

// The numbers of ext4's ioctl that stops a file system as a power cut does (fs/ext4/ext4.h: EXT4_IOC_SHUTDOWN,
// EXT4_GOING_FLAGS_NOLOGFLUSH). What the kernel still holds in memory never reaches the disk.
const (
	shutdown   = 0x8004587d
	noLogFlush = 2
)

func (e *ext4) cut() error {
	root, err := os.Open(e.path)
	if err != nil {
		return err
	}
	defer root.Close()
	return unix.IoctlSetPointerInt(int(root.Fd()), shutdown, noLogFlush)
}

// One session lives through power cuts of a real file system, at moments that nobody chose. What it acknowledged is there
// each time the power comes back.
func TestARealPowerCutLosesNothingAcknowledged(t *testing.T) {
	disk := newExt4(t)
	disk.on()
	dir := filepath.Join(disk.path, session)
	j, err := Create(dir)
	require.NoError(t, err)
	appendAll(t, j, []steps.Event{event(1, steps.Opened{Session: session})})
	seed, cuts := rand.Uint64(), 10
	if os.Getenv("GATEWALK_LONG") != "" {
		cuts = 200
	}
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 3))
	for range cuts {
		acknowledged := untilTheCut(t, disk, j, random.IntN(60))
		require.NoError(t, j.Close())
		disk.off()
		disk.on()

		report, err := Verify(dir)
		require.NoError(t, err)
		require.GreaterOrEqual(t, report.Lines, int(acknowledged))
		j, err = Open(dir)
		require.NoError(t, err)
		for _, problem := range report.Problems {
			require.ErrorContains(t, problem, "never acknowledged")
		}
	}
	events := load(t, j)
	for i, e := range events {
		require.EqualValues(t, i+1, e.Seq)
	}
	t.Logf("%d power cuts, %d events", cuts, len(events))
	require.NoError(t, j.Close())
}

// untilTheCut goes on with a session while somebody else cuts the power, and returns the last event that was
// acknowledged before. What is acknowledged while the power goes would be heard by nobody, and is not always there: the
// ioctl stops a live kernel, whose fsync(2) may still come back without an error then. (So it does for a plain file that is
// written and synced in a loop: in 120 cuts 21 such writes were lost, each under way when the cut began, and none whose fsync
// had returned before.)
func untilTheCut(t *testing.T, disk *ext4, j *Journal, after int) uint64 {
	var acknowledged atomic.Uint64
	before, begun := make(chan uint64, 1), make(chan struct{})
	go func() {
		<-begun
		last := acknowledged.Load()
		if err := disk.cut(); err != nil {
			t.Error(err)
		}
		before <- last
	}()
	for n := 0; ; n++ {
		if n == after {
			close(begun)
		}
		if err := oneMore(j); err != nil {
			require.NotErrorIs(t, err, ErrMoved)
			require.GreaterOrEqual(t, n, after, "%v", err)
			return <-before
		}
		seq, _ := j.Head()
		acknowledged.Store(seq)
	}
}

// oneMore appends an event; every fifth is one of a file.
func oneMore(j *Journal) error {
	seq, epoch := j.Head()
	next := note(seq + 1)
	if seq%5 == 0 {
		stored, err := j.StoreAttachment("photo.png", io.LimitReader(strings.NewReader(filler), int64(seq%400)))
		if err != nil {
			return err
		}
		next = event(seq+1, steps.Attached{Stored: stored.Name, Digest: stored.Digest, Bytes: stored.Bytes})
	}
	err := j.Append(context.Background(), seq, epoch, next)
	if errors.Is(err, ErrFull) {
		return fmt.Errorf("the disk is too small for this test: %w", err)
	}
	return err
}
