package session

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/steps"
)

// written are the fields of inputs that hold whatever a person types.
var written = []string{"Text", "Reason", "Note", "Pasted", "Who", "Value", "OffScript", "Source"}

// TestWhateverIsSaidASecretIsNotWrittenDown: each thing that an operator can say, with the value of a secret in all that is typed for it,
// is refused or goes on without it.
func TestWhateverIsSaidASecretIsNotWrittenDown(t *testing.T) {
	const secret = "hunter2-and-more"
	v := newVault()
	_, err := v.keep("SECRET_password", secret)
	require.NoError(t, err)
	for _, said := range []steps.Input{
		steps.Set{},
		steps.Run{},
		steps.Edit{},
		steps.Refuse{},
		steps.Verdict{},
		steps.Done{},
		steps.Skip{},
		steps.Overrule{},
		steps.Jump{},
		steps.Note{},
		steps.Attach{},
		steps.Hold{},
		steps.Abort{},
		steps.Drive{},
		steps.Yield{},
		steps.Park{},
		steps.Resolve{},
		steps.Move{},
		steps.Close{},
	} {
		in := reflect.New(reflect.TypeOf(said)).Elem()
		filled := 0
		for _, field := range reflect.VisibleFields(in.Type()) {
			if slices.Contains(written, field.Name) {
				in.FieldByIndex(field.Index).SetString("it is " + secret + " I think")
				filled++
			}
		}
		require.Positive(t, filled, "%T", said)
		taken, err := v.take(in.Interface().(steps.Input), steps.State{})
		if err != nil {
			require.ErrorIs(t, err, errSecret)
			continue
		}
		spelled, err := json.Marshal(taken)
		require.NoError(t, err)
		require.NotContains(t, string(spelled), secret, "%T", said)
		require.Equal(t, filled, strings.Count(string(spelled), "it is [redacted] I think"), "%T", said)
	}
}
