package steps

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
)

// facts names every fact as the journal spells it. One test holds it against the sealed set.
var facts = named[Fact](
	Opened{}, Bound{}, Set{}, Chosen{}, Started{}, Edited{}, Finished{}, Judged{}, GateReached{}, GatePassed{}, GateRefused{},
	DoneByHand{}, Skipped{}, Overruled{}, Called{}, Returned{}, PollStarted{}, PollEnded{}, Unknown{}, Resolved{}, Noted{},
	Attached{}, Held{}, DriveAsked{}, DriveRefused{}, DriverChanged{}, SecretsForgotten{}, ClockJumped{}, TailDropped{}, Carried{}, Orphaned{}, Continued{}, Moved{}, Closed{},
)

// inputs names every input as a socket spells it.
var inputs = named[Input](
	Begin{}, Bind{}, Set{}, Choose{}, Run{}, Edit{}, Confirm{}, Refuse{}, Verdict{}, Done{}, Skip{}, Overrule{}, Jump{}, Note{},
	Attach{}, Poll{}, Hold{}, Abort{}, Drive{}, Yield{}, Park{}, Exited{}, Observed{}, Probed{}, LaunchFailed{}, Tick{}, ClockJumped{},
	Reopened{}, Resolve{}, Carry{}, Continue{}, Orphan{}, Move{}, Close{},
)

// MarshalFacts writes facts as a JSON array of one-key objects, {"started":{…}}, in the order given.
// Text that is not UTF-8 is written as "\u0000base64:…", so that not a byte is lost.
func MarshalFacts(list []Fact) ([]byte, error) { return marshalAll(facts, list) }

// UnmarshalFacts reads what MarshalFacts wrote. A fact or a field it does not know is an error: nothing is passed over.
func UnmarshalFacts(data []byte) ([]Fact, error) { return unmarshalAll(facts, data) }

// MarshalInput writes one input as a one-key object.
func MarshalInput(input Input) ([]byte, error) { return marshalOne(inputs, input) }

// UnmarshalInput reads what MarshalInput wrote.
func UnmarshalInput(data []byte) (Input, error) { return unmarshalOne(inputs, data) }

// variants is a closed set of types with the names they are written by.
type variants[T any] struct {
	names map[reflect.Type]string
	types map[string]reflect.Type
}

func named[T any](values ...T) variants[T] {
	set := variants[T]{names: map[reflect.Type]string{}, types: map[string]reflect.Type{}}
	for _, v := range values {
		t := reflect.TypeOf(v)
		name := snake(t.Name())
		set.names[t], set.types[name] = name, t
	}
	return set
}

// snake spells a type's name as the journal does: GateReached is gate_reached.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func marshalAll[T any](set variants[T], list []T) ([]byte, error) {
	all := []byte{'['}
	for i, v := range list {
		if i > 0 {
			all = append(all, ',')
		}
		one, err := marshalOne(set, v)
		if err != nil {
			return nil, err
		}
		all = append(all, one...)
	}
	return append(all, ']'), nil
}

func marshalOne[T any](set variants[T], v T) ([]byte, error) {
	name, ok := set.names[reflect.TypeOf(v)]
	if !ok {
		panic(fmt.Sprintf("steps: %T is not in the closed set", v))
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "{%q:", name)
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(mapStrings(reflect.ValueOf(v), encodeText).Interface()); err != nil {
		return nil, err
	}
	b.Truncate(b.Len() - 1) // the encoder's newline
	b.WriteByte('}')
	return b.Bytes(), nil
}

func unmarshalAll[T any](set variants[T], data []byte) ([]T, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	list := make([]T, 0, len(raw))
	for _, r := range raw {
		v, err := unmarshalOne(set, r)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

func unmarshalOne[T any](set variants[T], data []byte) (T, error) {
	var none T
	name, body, plain := onlyKey(data)
	t, known := set.types[name]
	if plain && known {
		v := reflect.New(t)
		if rest, err := strictly(body, v.Interface()); err == nil && rest == 0 {
			return unescaped(body, v.Elem()).Interface().(T), nil
		}
	}
	var one map[string]json.RawMessage
	if err := json.Unmarshal(data, &one); err != nil {
		return none, err
	}
	if len(one) != 1 {
		return none, fmt.Errorf("an object with one key is wanted, this one has %d", len(one))
	}
	for name, body := range one {
		t, ok := set.types[name]
		if !ok {
			return none, fmt.Errorf("%q is not known to this version", name)
		}
		v := reflect.New(t)
		if _, err := strictly(body, v.Interface()); err != nil {
			return none, fmt.Errorf("%s: %w", name, err)
		}
		return unescaped(body, v.Elem()).Interface().(T), nil
	}
	panic("unreachable: a map with one key has one")
}

// onlyKey takes an object with one key apart as it is mostly spelt, without a look at what is behind the key: more keys may be.
func onlyKey(data []byte) (name string, body []byte, plain bool) {
	inner, opened := bytes.CutPrefix(data, []byte(`{"`))
	inner, closed := bytes.CutSuffix(inner, []byte(`}`))
	key, body, found := bytes.Cut(inner, []byte(`":`))
	return string(key), body, opened && closed && found
}

// strictly reads a value without a field that is not known, and says how many bytes follow it.
func strictly(data []byte, v any) (rest int, err error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(v)
	return len(data) - int(decoder.InputOffset()), err
}

// unescaped gives texts in what was read from data their bytes back, where some were escaped.
func unescaped(data []byte, v reflect.Value) reflect.Value {
	if !bytes.Contains(data, []byte(escaped)) {
		return v
	}
	return mapStrings(v, decodeText)
}

// escape marks a string that stands for bytes. A text that begins with it itself is written as bytes too.
const (
	escape  = "\x00base64:"
	escaped = `\u0000` // the one way in which JSON can begin it
)

func encodeText(s string) string {
	if utf8.ValidString(s) && !strings.HasPrefix(s, escape) {
		return s
	}
	return escape + base64.StdEncoding.EncodeToString([]byte(s))
}

func decodeText(s string) string {
	encoded, ok := strings.CutPrefix(s, escape)
	if !ok {
		return s
	}
	p, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return s
	}
	return string(p)
}

// mapStrings is a copy of a value with every string in it rewritten.
func mapStrings(v reflect.Value, rewrite func(string) string) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.String:
		out.SetString(rewrite(v.String()))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(mapStrings(v.Field(i), rewrite))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(mapStrings(v.Elem(), rewrite))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(mapStrings(v.Index(i), rewrite))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
			for _, k := range v.MapKeys() {
				out.SetMapIndex(mapStrings(k, rewrite), mapStrings(v.MapIndex(k), rewrite))
			}
		}
	default:
		out.Set(v)
	}
	return out
}
