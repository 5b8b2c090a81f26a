package steps

import (
	"bytes"
	"encoding/json"
	"reflect"
)

// MarshalActor writes an actor as facts are written: not a byte of a name that is not UTF-8 is lost.
func MarshalActor(by Actor) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(mapStrings(reflect.ValueOf(by), encodeText).Interface()); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// UnmarshalActor reads what MarshalActor wrote.
func UnmarshalActor(data []byte) (Actor, error) {
	var by Actor
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&by); err != nil {
		return Actor{}, err
	}
	return mapStrings(reflect.ValueOf(by), decodeText).Interface().(Actor), nil
}
