package session

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"sync"

	"gatewalk/exec"
	"gatewalk/exec/redact"
	"gatewalk/steps"
)

// vault holds the values of secrets in memory, and nothing else does.
type vault struct {
	mu     *sync.Mutex
	values map[string][]byte
}

func newVault() vault { return vault{mu: &sync.Mutex{}, values: map[string][]byte{}} }

// take keeps a secret's value back and puts a commitment in its place; what a person writes is redacted of the values known so far.
func (v vault) take(input steps.Input, state steps.State) (steps.Input, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch in := input.(type) {
	case steps.Set:
		if !in.Secret {
			return in, v.clean(in.Value)
		}
		commitment, err := v.keep(state.SecretVariable(in.Place, in.Name), in.Value)
		in.Value, in.Commitment = "", commitment
		return in, err
	case steps.Edit:
		in.Reason = v.redacted(in.Reason)
		return in, v.clean(in.Text)
	case steps.Run:
		return in, v.clean(in.OffScript)
	case steps.Attach:
		return in, v.clean(in.Source)
	}
	return v.written(input), nil
}

// written is an input without the values of the vault in what a person has written: it becomes a fact.
func (v vault) written(input steps.Input) steps.Input {
	switch in := input.(type) {
	case steps.Note:
		in.Text = v.redacted(in.Text)
		return in
	case steps.Done:
		in.Who, in.Note, in.Pasted = v.redacted(in.Who), v.redacted(in.Note), v.redacted(in.Pasted)
		return in
	case steps.Verdict:
		in.Note = v.redacted(in.Note)
		return in
	case steps.Park:
		in.Note = v.redacted(in.Note)
		return in
	case steps.Skip:
		in.Reason = v.redacted(in.Reason)
		return in
	case steps.Refuse:
		in.Reason = v.redacted(in.Reason)
		return in
	case steps.Overrule:
		in.Value, in.Reason = v.redacted(in.Value), v.redacted(in.Reason)
		return in
	case steps.Jump:
		in.Reason = v.redacted(in.Reason)
		return in
	case steps.Hold:
		in.Reason = v.redacted(in.Reason)
		return in
	case steps.Abort:
		in.Reason = v.redacted(in.Reason)
		return in
	case steps.Drive:
		in.Reason = v.redacted(in.Reason)
		return in
	case steps.Yield:
		in.Reason = v.redacted(in.Reason)
		return in
	case steps.Resolve:
		in.Reason = v.redacted(in.Reason)
		return in
	case steps.Move:
		in.Reason = v.redacted(in.Reason)
		return in
	case steps.Close:
		in.Reason = v.redacted(in.Reason)
		return in
	}
	return input
}

// keep takes a value in and answers a commitment to it: the sum of a salt and the value. Both are forgotten with the vault.
func (v vault) keep(name, value string) (string, error) {
	if value == "" {
		return "", errors.New("the secret " + name + " is empty; type it")
	}
	v.values[name] = []byte(value)
	salt := make([]byte, 32)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	sum := sha256.Sum256(append(salt, value...))
	return "sha256:" + hex.EncodeToString(sum[:]), nil
}

var errSecret = errors.New("it holds the value of a secret, which would be written down; use the secret's variable instead")

// clean refuses a text that would have to run or be stored as it is and holds a secret.
func (v vault) clean(text string) error {
	if v.redacted(text) != text {
		return errSecret
	}
	return nil
}

// redacted is a text without the values of the vault.
func (v vault) redacted(text string) string {
	for _, value := range v.values {
		text = strings.ReplaceAll(text, string(value), redact.Marker)
	}
	return text
}

func (v vault) count() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.values)
}

// hand gives out the secrets an attempt was started with.
func (v vault) hand(names []string) []exec.Secret {
	v.mu.Lock()
	defer v.mu.Unlock()
	var secrets []exec.Secret
	for _, name := range names {
		if value, ok := v.values[name]; ok {
			secrets = append(secrets, exec.Secret{Name: name, Value: value})
		}
	}
	return secrets
}

// public is a table of variables without the values of the vault.
func (v vault) public(table map[string]string) map[string]string {
	v.mu.Lock()
	defer v.mu.Unlock()
	for name, value := range table {
		table[name] = v.redacted(value)
	}
	return table
}
