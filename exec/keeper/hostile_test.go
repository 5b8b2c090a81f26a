package keeper_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/exec/exectest"
	"gatewalk/exec/journal"
	"gatewalk/exec/keeper"
	"gatewalk/steps"
)

// silentScreen attaches by hand, and reads nothing any more.
func (h *house) silentScreen() *net.UnixConn {
	h.t.Helper()
	conn, in := h.dial()
	_, err := conn.Write(raw(h.t, map[string]any{"kind": "hello", "hello": map[string]any{"version": 1}}))
	require.NoError(h.t, err)
	_, err = in.ReadString('\n')
	require.NoError(h.t, err)
	_, err = conn.Write([]byte("{\"kind\":\"order\",\"bytes\":2}\n{}"))
	require.NoError(h.t, err)
	_, err = in.ReadString('\n')
	require.NoError(h.t, err)
	return conn
}

// socket is the address of the session's socket, however long its path.
func (h *house) socket() *net.UnixAddr {
	h.t.Helper()
	dir, err := os.Open(h.dir)
	require.NoError(h.t, err)
	h.t.Cleanup(func() { dir.Close() })
	return &net.UnixAddr{Net: "unix", Name: fmt.Sprintf("/proc/self/fd/%d/socket", dir.Fd())}
}

func (h *house) dial() (*net.UnixConn, *bufio.Reader) {
	h.t.Helper()
	conn, err := net.DialUnix("unix", nil, h.socket())
	require.NoError(h.t, err)
	h.t.Cleanup(func() { conn.Close() })
	return conn, bufio.NewReader(conn)
}

// TestWhatIsPlantedAtTheSocketsNameIsRefused, by who listens and by who calls, and is left where it is.
func TestWhatIsPlantedAtTheSocketsNameIsRefused(t *testing.T) {
	for name, plant := range map[string]func(socket string) error{
		"a symbolic link": func(socket string) error { return os.Symlink("/tmp/elsewhere", socket) },
		"a named pipe":    func(socket string) error { return syscall.Mkfifo(socket, 0o600) },
		"a file":          func(socket string) error { return os.WriteFile(socket, []byte("mine"), 0o600) },
		"a directory":     func(socket string) error { return os.Mkdir(socket, 0o700) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			socket := filepath.Join(h.dir, "socket")
			require.NoError(t, plant(socket))
			before, err := os.Lstat(socket)
			require.NoError(t, err)

			_, err = keeper.Listen(context.Background(), h.dir, h.options)
			require.ErrorContains(t, err, socket+": "+name+" stands where a socket should be")
			_, err = keeper.Attach(context.Background(), h.dir, "", begin())
			require.ErrorContains(t, err, socket+": "+name+" stands where a socket should be")
			after, err := os.Lstat(socket)
			require.NoError(t, err)
			require.True(t, os.SameFile(before, after))
			held, err := journal.Open(h.dir)
			require.NoError(t, err, "the lock was given back")
			require.NoError(t, held.Close())
		})
	}
}

func TestADirectoryThatIsNotTheSessionsOwnIsRefused(t *testing.T) {
	h := newHouse(t).serve()
	link := h.dir + "-link"
	require.NoError(t, os.Symlink(h.dir, link))
	_, err := keeper.Attach(context.Background(), link, "", begin())
	require.ErrorContains(t, err, "not a directory")
	require.NoError(t, os.Chmod(h.dir, 0o755))
	_, err = keeper.Attach(context.Background(), h.dir, "", begin())
	require.ErrorContains(t, err, "mode 0755, and must be yours ("+strconv.Itoa(os.Getuid())+") and closed to all others")
	require.NoError(t, os.Chmod(h.dir, 0o700))
	_, err = keeper.Attach(context.Background(), filepath.Join(h.dir, "journal.jsonl"), "", begin())
	require.ErrorContains(t, err, "not a directory")
}

// TestAStaleSocketIsTheNextKeepers: whoever has the lock takes it away.
func TestAStaleSocketIsTheNextKeepers(t *testing.T) {
	h := newHouse(t)
	stale, err := net.ListenUnix("unix", h.socket())
	require.NoError(t, err)
	stale.SetUnlinkOnClose(false)
	require.NoError(t, stale.Close())
	_, err = keeper.Attach(context.Background(), h.dir, "", begin())
	require.ErrorIs(t, err, keeper.ErrNone)
	h.serve()
	h.attach("/dev/pts/3", begin())
	info, err := os.Stat(filepath.Join(h.dir, "socket"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

// TestWhoListensWithoutTheLockKeepsTheName: it may be a keeper whose lock was lost, and who is spoken to there must not change unseen.
func TestWhoListensWithoutTheLockKeepsTheName(t *testing.T) {
	h := newHouse(t)
	other, err := net.ListenUnix("unix", h.socket())
	require.NoError(t, err)
	defer other.Close()
	_, err = keeper.Listen(context.Background(), h.dir, h.options)
	require.ErrorContains(t, err, "somebody listens there who does not hold the session's lock")
	require.FileExists(t, filepath.Join(h.dir, "socket"))
}

func TestOneOfTwoKeepersIsTheKeeper(t *testing.T) {
	h := newHouse(t).serve()
	_, err := keeper.Listen(context.Background(), h.dir, h.options)
	require.ErrorContains(t, err, "another keeper holds it")
	h.attach("/dev/pts/3", begin())
}

// TestAPathMayBeLongerThanASocketsAddress: unix(7) has 108 bytes.
func TestAPathMayBeLongerThanASocketsAddress(t *testing.T) {
	h := newHouse(t)
	deep := h.dir
	for range 6 {
		deep = filepath.Join(deep, "a-folder-with-a-name-of-some-length")
	}
	require.NoError(t, os.MkdirAll(deep, 0o700))
	h.dir = filepath.Join(deep, "s2")
	held, err := journal.Create(h.dir)
	require.NoError(t, err)
	require.NoError(t, held.Close())
	require.Greater(t, len(h.dir), 108)
	h.serve()
	h.attach("/dev/pts/3", begin())
}

// TestAKeeperOfAnotherVersionIsRefused, from both sides, with what can be done about it.
func TestAKeeperOfAnotherVersionIsRefused(t *testing.T) {
	h := newHouse(t)
	listener, err := net.ListenUnix("unix", h.socket())
	require.NoError(t, err)
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = bufio.NewReader(conn).ReadString('\n')
			fmt.Fprintln(conn, `{"kind":"welcome","welcome":{"version":7,"build":"v7","pid":4711,"program":"/opt/gatewalk"}}`)
		}
	}()
	for _, ask := range []func() error{
		func() error { _, err := keeper.Attach(context.Background(), h.dir, "", begin()); return err },
		func() error { _, err := keeper.Look(context.Background(), h.dir); return err },
		func() error { return keeper.End(context.Background(), h.dir) },
	} {
		require.ErrorContains(t, ask(), "is kept by a newer gatewalk (process 4711, v7, protocol 7; this one has 1): attach with that one (/opt/gatewalk), or end it with kill 4711")
	}

	newer := newHouse(t).serve()
	conn, in := newer.dial()
	_, err = conn.Write(raw(t, map[string]any{"kind": "hello", "hello": map[string]any{"version": 7}}))
	require.NoError(t, err)
	line, err := in.ReadString('\n')
	require.NoError(t, err)
	var said struct{ Welcome keeper.Status }
	require.NoError(t, json.Unmarshal([]byte(line), &said))
	require.Equal(t, os.Getpid(), said.Welcome.PID)
	_, err = in.ReadString('\n')
	require.Error(t, err, "it says who it is, and no more")
}

// TestNonsenseHarmsNothing: what is no message ends its connection, and the session goes on.
func TestNonsenseHarmsNothing(t *testing.T) {
	h := newHouse(t).serve()
	a := h.attach("/dev/pts/3", begin())
	for _, nonsense := range []string{"\n", "GET / HTTP/1.1\r\n\r\n", "{\"kind\":\"order\"}\n", "{\"kind\":\"hello\",\"bytes\":-1}\n", "{\"kind\":\"hello\",\"bytes\":99999999999}\n", "\xff\xfe\n", "{\"kind\":\"hello\"}\n"} {
		conn, in := h.dial()
		_, err := conn.Write([]byte(nonsense))
		require.NoError(t, err)
		_, err = in.ReadString('\n')
		require.Error(t, err, "%q", nonsense)
	}
	conn := h.silentScreen()
	for _, odd := range []string{"{\"kind\":\"frobnicate\",\"id\":1}\n", "{\"kind\":\"do\",\"id\":2,\"input\":{\"begin\":{}}}\n", "{\"kind\":\"do\",\"id\":3,\"input\":{}}\n", "{\"kind\":\"output\",\"id\":4,\"attempt\":99,\"offset\":-5}\n", "{\"kind\":\"type\",\"id\":5,\"attempt\":99}\n"} {
		_, err := conn.Write([]byte(odd))
		require.NoError(t, err)
	}
	require.NoError(t, conn.Close())
	a.must(steps.Note{Text: "still here"})
}

// TestAnotherUserIsRefused: as root, both ways. The directory keeps others out already; this is the second lock.
func TestAnotherUserIsRefused(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("SKIPPED: only root can be somebody else as well")
	}
	h := newHouse(t).serve()
	a := h.attach("/dev/pts/3", begin())
	exectest.LetOthersInto(t, h.dir)
	require.NoError(t, os.Chmod(filepath.Join(h.dir, "socket"), 0o666))
	call := asNobody(t, "call", "socket")
	call.Dir = h.dir
	said, err := call.CombinedOutput()
	require.NoError(t, err, "%s", said)
	require.Equal(t, "not a word\n", string(said), "a keeper says nothing to another user")
	require.NoError(t, os.Chmod(h.dir, 0o700))
	a.must(steps.Note{Text: "still here"})

	planted := newHouse(t)
	socket := filepath.Join(planted.dir, "socket")
	listener, err := net.ListenUnix("unix", planted.socket())
	require.NoError(t, err)
	defer listener.Close()
	require.NoError(t, os.Chown(socket, 65534, 65534))
	_, err = keeper.Attach(context.Background(), planted.dir, "", begin())
	require.ErrorContains(t, err, socket+": this socket belongs to user 65534, you are user 0: see who put it there")
	_, err = keeper.Listen(context.Background(), planted.dir, planted.options)
	require.ErrorContains(t, err, socket+": this socket belongs to user 65534")

	require.NoError(t, os.Chown(planted.dir, 65534, 65534))
	_, err = keeper.Attach(context.Background(), planted.dir, "", begin())
	require.ErrorContains(t, err, "belongs to user 65534")
}

// asNobody runs this test binary as another user; see TestMain.
func asNobody(t *testing.T, verb string, args ...string) *osexec.Cmd {
	program := filepath.Join(t.TempDir(), "nobody")
	source, err := os.ReadFile("/proc/self/exe")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(program, source, 0o700))
	require.NoError(t, os.Chmod(program, 0o755))
	exectest.LetOthersInto(t, filepath.Dir(program))
	c := osexec.Command(program, append([]string{verb}, args...)...)
	c.Dir, c.Env = "/", []string{nobody + "=1"}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	return c
}

const nobody = "GATEWALK_TEST_AS_NOBODY"

func TestMain(m *testing.M) {
	if os.Getenv(nobody) != "" {
		os.Exit(call(os.Args[2]))
	}
	if len(os.Args) > 1 && os.Args[1] == keeper.Word {
		os.Exit(keep(os.Args[2], os.Args[3]))
	}
	os.Exit(m.Run())
}

// keep is a keeper's process over a scripted runner.
func keep(dir, how string) int {
	h := &house{dir: dir, runner: exectest.NewScripted(waits)}
	if err := keeper.Serve(context.Background(), dir, keeper.Options{How: how, Open: h.open, Stamp: h.stamp}); err != nil {
		return 1
	}
	return 0
}

// call is another user who says hello.
func call(socket string) int {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	_, _ = conn.Write([]byte("{\"kind\":\"hello\",\"hello\":{\"version\":1}}\n"))
	if line, _ := bufio.NewReader(conn).ReadString('\n'); line != "" {
		fmt.Print(line)
		return 0
	}
	fmt.Println("not a word")
	return 0
}
