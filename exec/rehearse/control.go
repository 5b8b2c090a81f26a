package rehearse

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"time"

	"gatewalk/exec"
)

var signalNumbers = map[string]int{"HUP": 1, "INT": 2, "QUIT": 3, "KILL": 9, "TERM": 15}

func (a *attempt) control(control exec.Control) error {
	switch control := control.(type) {
	case exec.Stdin:
		return a.typeIn(control.Bytes)
	case exec.Resize:
		return nil
	case exec.Signal:
		if signalNumbers[control.Name] == 0 {
			return fmt.Errorf("no signal %q; use INT, TERM, KILL, HUP or QUIT", control.Name)
		}
		a.kill(control.Name)
		return nil
	case exec.Cancel:
		a.kill("KILL")
		return nil
	}
	panic(fmt.Sprintf("rehearse: no control %T", control))
}

// kill ends the attempt. Closing its standard input wakes what waits for it.
func (a *attempt) kill(signal string) {
	a.mutex.Lock()
	a.signal = cmp.Or(a.signal, signal)
	a.mutex.Unlock()
	a.cancel()
	a.answer.Close()
}

// typeIn gives the command what the keys come to.
func (a *attempt) typeIn(keys []byte) error {
	p := a.keyboard.press(keys)
	if p.interrupt {
		a.kill("INT")
		return nil
	}
	if err := a.write(p.lines); err != nil || !p.end {
		return err
	}
	return a.answer.Close()
}

func (a *attempt) write(keys []byte) error {
	if err := a.answer.SetWriteDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	_, err := a.answer.Write(keys)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errors.New("the command does not read what is typed to it")
	}
	return err
}
