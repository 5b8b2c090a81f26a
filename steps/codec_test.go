package steps

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestTheSetsAreClosed reads this package's source: what has the method fact, input or effect is named by the codec, and nothing else is.
func TestTheSetsAreClosed(t *testing.T) {
	sealed := map[string][]string{}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if ok && f.Recv != nil && (f.Name.Name == "fact" || f.Name.Name == "input") {
				sealed[f.Name.Name] = append(sealed[f.Name.Name], snake(f.Recv.List[0].Type.(*ast.Ident).Name))
			}
		}
	}
	require.ElementsMatch(t, sealed["fact"], names(facts))
	require.ElementsMatch(t, sealed["input"], names(inputs))
	require.Len(t, sealed["fact"], 34)
	require.Len(t, sealed["input"], 34)
}

func names[T any](set variants[T]) []string {
	var all []string
	for name := range set.types {
		all = append(all, name)
	}
	return all
}

// TestEveryVariantSurvivesJSON fills every variant with drawn values, bytes that are no text among them.
func TestEveryVariantSurvivesJSON(t *testing.T) {
	for name, kind := range facts.types {
		t.Run("fact "+name, rapid.MakeCheck(func(t *rapid.T) {
			fact := drawn(t, kind).Interface().(Fact)
			data, err := MarshalFacts([]Fact{fact})
			require.NoError(t, err)
			require.True(t, json.Valid(data))
			back, err := UnmarshalFacts(data)
			require.NoError(t, err)
			require.Equal(t, []Fact{fact}, back)
		}))
	}
	for name, kind := range inputs.types {
		t.Run("input "+name, rapid.MakeCheck(func(t *rapid.T) {
			input := drawn(t, kind).Interface().(Input)
			data, err := MarshalInput(input)
			require.NoError(t, err)
			back, err := UnmarshalInput(data)
			require.NoError(t, err)
			require.Equal(t, input, back)
		}))
	}
}

// TestARefusalSurvivesJSON: what was refused is told in full, wherever it was said.
func TestARefusalSurvivesJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		refusal := drawn(t, reflect.TypeFor[Refusal]()).Interface().(Refusal)
		data, err := MarshalRefusal(refusal)
		require.NoError(t, err)
		back, err := UnmarshalRefusal(data)
		require.NoError(t, err)
		require.Equal(t, refusal, back)
	})
}

// drawn is a value of a type with something in every field.
func drawn(t *rapid.T, kind reflect.Type) reflect.Value {
	v := reflect.New(kind).Elem()
	switch kind.Kind() {
	case reflect.String:
		v.SetString(rapid.OneOf(rapid.String(), rapid.Just("\xff\xfe raw"), rapid.Just(escape+"AA=="), rapid.Just("</script>&")).Draw(t, "text"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64Range(-1<<40, 1<<40).Draw(t, "int"))
	case reflect.Uint64:
		v.SetUint(rapid.Uint64Max(1<<50).Draw(t, "uint"))
	case reflect.Float64:
		v.SetFloat(rapid.Float64Range(-1e9, 1e9).Draw(t, "float"))
	case reflect.Pointer:
		v.Set(reflect.New(kind.Elem()))
		v.Elem().Set(drawn(t, kind.Elem()))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(kind, 0, 2))
		for range rapid.IntRange(1, 2).Draw(t, "len") {
			v.Set(reflect.Append(v, drawn(t, kind.Elem())))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(kind))
		v.SetMapIndex(drawn(t, kind.Key()), drawn(t, kind.Elem()))
	case reflect.Struct:
		for i := range v.NumField() {
			v.Field(i).Set(drawn(t, kind.Field(i).Type))
		}
	default:
		panic("a kind of field that no fact has had: " + kind.String())
	}
	return v
}

func TestWhatIsNotKnownIsRefused(t *testing.T) {
	for _, bad := range []string{`[{"exploded":{}}]`, `[{"noted":{"text":"x","colour":"red"}}]`, `[{}]`, `[{"noted":{},"held":{}}]`, `{}`, `[`} {
		_, err := UnmarshalFacts([]byte(bad))
		require.Error(t, err, bad)
	}
}

// TestAFactIsReadHoweverItIsSpelt: the usual spelling has a way of its own, and means nothing else.
func TestAFactIsReadHoweverItIsSpelt(t *testing.T) {
	for _, same := range []string{
		`[{"noted":{"text":"a } b"}}]`, `[ { "noted" : {"text":"a } b"} } ]`, `[{"noted":{"text":"a } b"} }]`, `[{"\u006eoted":{"text":"a } b"}}]`,
		`[{"noted":{"text":"x"},"noted":{"text":"a } b"}}]`, `[{"noted":{"text":"\u0000base64:YSB9IGI="}}]`, `[{"noted":{"text":"\u0000\u0062ase64:YSB9IGI="}}]`,
	} {
		facts, err := UnmarshalFacts([]byte(same))
		require.NoError(t, err, same)
		require.Equal(t, []Fact{Noted{Text: "a } b"}}, facts, same)
	}
	for _, bad := range []string{`[{"noted":{"text":"a"},"held":{}}]`, `[{"noted":{"text":"a"}}}]`, `[{"noted":{"text":"a"}]`, `[{"noted":{"text":"a"}},{"noted":{}]`, `[{"noted":}]`} {
		_, err := UnmarshalFacts([]byte(bad))
		require.Error(t, err, bad)
	}
}
