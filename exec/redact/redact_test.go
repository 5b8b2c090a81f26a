package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/exec"
)

func secrets(values ...string) []exec.Secret {
	var known []exec.Secret
	for _, value := range values {
		known = append(known, exec.Secret{Name: "S", Value: []byte(value)})
	}
	return known
}

// redact passes a text through in chunks of these lengths, again and again.
func redact(known []exec.Secret, text string, chunks ...int) (string, int) {
	r := New(known)
	var out []byte
	for i := 0; len(text) > 0; i++ {
		n := len(text)
		if len(chunks) > 0 {
			n = min(n, max(1, chunks[i%len(chunks)]))
		}
		out = append(out, r.Next([]byte(text[:n]))...)
		text = text[n:]
	}
	out = append(out, r.Rest()...)
	return string(out), r.Count()
}

func TestWhatIsKnown(t *testing.T) {
	const secret = "it's a $ecret/42"
	for name, text := range map[string]string{
		"as it is":             secret,
		"twice":                secret + secret,
		"base64":               base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64 after a user":  base64.StdEncoding.EncodeToString([]byte("admin:" + secret)),
		"base64 after a name":  base64.StdEncoding.EncodeToString([]byte("root:" + secret + "\n")),
		"base64 for URLs":      base64.URLEncoding.EncodeToString([]byte("ab" + secret)),
		"hexadecimal":          hex.EncodeToString([]byte(secret)),
		"upper hexadecimal":    strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"in a query":           url.QueryEscape(secret),
		"in a path":            url.PathEscape(secret),
		"quoted by a trace":    `'it'\''s a $ecret/42'`,
		"quoted by printf":     `it\'s\ a\ \$ecret/42`,
		"quoted by declare":    `declare -- x="it's a \$ecret/42"`,
		"quoted by set, ANSI":  `$'it\'s a $ecret/42'`,
		"quoted by JSON":       `{"x":"it's a $ecret/42"}`,
		"in the middle of mud": "\x00\xff" + secret + "\x1b[0m",
	} {
		t.Run(name, func(t *testing.T) {
			out, count := redact(secrets(secret), "<<"+text+">>", 3)
			require.Contains(t, out, Marker)
			require.Positive(t, count)
			for _, form := range forms([]byte(secret)) {
				require.NotContains(t, out, string(form))
			}
			require.True(t, strings.HasPrefix(out, "<<") && strings.HasSuffix(out, ">>"), "what stands around it stays: %q", out)
		})
	}
}

func TestAKeyOfManyLines(t *testing.T) {
	key := "alpha-line-one\nbeta-line-two\ngamma-line-three\n"
	indented := strings.ReplaceAll("    "+key, "\n", "\r\n    ")
	out, count := redact(secrets(key), indented, 5)
	require.Equal(t, 3, count)
	for _, line := range strings.Fields(key) {
		require.NotContains(t, out, line)
	}
	onTerminal, _ := redact(secrets(key), strings.ReplaceAll(key, "\n", "\r\n"))
	require.Equal(t, Marker, onTerminal)
	long := strings.Repeat("0123456789", 20)
	wrapped, _ := redact(secrets(long), wrap(base64.StdEncoding.EncodeToString([]byte(long)), 76))
	require.NotContains(t, wrapped, base64.StdEncoding.EncodeToString([]byte("0123456789012345")))
}

func wrap(text string, width int) string {
	var out strings.Builder
	for len(text) > width {
		out.WriteString(text[:width] + "\n")
		text = text[width:]
	}
	return out.String() + text
}

func TestLongestAndFirst(t *testing.T) {
	out, count := redact(secrets("abc", "abcdef", "efg"), "abcdefg abcde", 1)
	require.Equal(t, Marker+"g "+Marker+"de", out)
	require.Equal(t, 2, count)
}

func TestWhatLooksLikeASecret(t *testing.T) {
	for text, want := range map[string]string{
		"curl https://root:initial0@bmc/redfish":                               "curl https://root:[redacted]@bmc/redfish",
		"postgres://u:p@ss@db:5432/x":                                          "postgres://u:[redacted]@db:5432/x",
		"tcp://10.0.0.1:6443\n":                                                "tcp://10.0.0.1:6443\n",
		"http://host:8080/path?a=b":                                            "http://host:8080/path?a=b",
		"ssh://root@host":                                                      "ssh://root@host",
		"> Authorization: Bearer abc.def\r\n> Host: x":                         "> Authorization: [redacted]\r\n> Host: x",
		"-H 'Authorization: Basic eA==' https://x":                             "-H 'Authorization: [redacted]' https://x",
		"-H \"Authorization: Basic eA==\" https://x":                           "-H \"Authorization: [redacted]\" https://x",
		`{"Authorization": "Bearer x", "a": 1}`:                                `{"Authorization": "[redacted]", "a": 1}`,
		"login --password=hunter2 --user=a":                                    "login --password=[redacted] --user=a",
		"login --password hunter2 --user a":                                    "login --password [redacted] --user a",
		"login --password 'hun ter' --user a":                                  "login --password '[redacted]' --user a",
		"PASSWORD=S3cr3tP@ss\n":                                                "PASSWORD=[redacted]\n",
		"export DB_PASSWORD=\"a b\" X=1":                                       "export DB_PASSWORD=\"[redacted]\" X=1",
		"https://x/?access_token=abc&next=1":                                   "https://x/?access_token=[redacted]&next=1",
		"- token: abc\n":                                                       "- token: [redacted]\n",
		"user: a\n  password: hunter2\nnext: b":                                "user: a\n  password: [redacted]\nnext: b",
		`{"password": "hunter2"}`:                                              `{"password": "[redacted]"}`,
		"Enter the password: and press enter":                                  "Enter the password: and press enter",
		"Password: \r\nwelcome":                                                "Password: \r\nwelcome",
		"PASSWORD= next":                                                       "PASSWORD= next",
		"tests passed=3 bypass=yes PWD=/root":                                  "tests passed=3 bypass=yes PWD=/root",
		"-----BEGIN PRIVATE KEY----- is its head":                              "-----BEGIN PRIVATE KEY----- is its head",
		pem("RSA ", "MIIE\nabc+/=\n"):                                          "x\n-----BEGIN RSA PRIVATE KEY-----[redacted]\nafter",
		strings.ReplaceAll(pem("", "MIIE\nQ=\n"), "\n", "\r\n"):                "x\r\n-----BEGIN PRIVATE KEY-----[redacted]\r\nafter",
		`"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n" end`: `"-----BEGIN PRIVATE KEY-----[redacted]\n" end`,
	} {
		t.Run(text, func(t *testing.T) {
			whole, _ := redact(nil, text)
			require.Equal(t, want, whole)
			single, count := redact(nil, text, 1)
			require.Equal(t, want, single)
			require.Equal(t, strings.Count(want, Marker), count)
		})
	}
}

func pem(kind, body string) string {
	return "x\n-----BEGIN " + kind + "PRIVATE KEY-----\n" + body + "-----END " + kind + "PRIVATE KEY-----\nafter"
}

func TestAQuestionIsOnScreenBeforeItIsAnswered(t *testing.T) {
	for _, question := range []string{"Password: ", "password:", "login --password ", "Continue? [y/N] ", "https://user:"} {
		r := New(secrets("hunter2-hunter2"))
		require.Equal(t, question, string(r.Next([]byte(question))))
	}
}

func TestAKeyWithoutAnEndDoesNotSwallowTheRest(t *testing.T) {
	flood := "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat("A", 3*longestKey)
	out, _ := redact(nil, flood, 1000)
	require.Greater(t, len(out), longestKey)
}

// fragments are what streams are drawn from: no letter of the values stands in the marker.
var fragments = []string{
	"X1Y2Z3", "1Y", "X1Y2", "Z3 Z3", "WDFZMlozIFoz", "\r\n", " ", "a", ":", "://", "//u:", "@", "/", "--password", "=", "token", "\"",
	"'", "Authorization", "password: ", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "\\n", "\x00", "\xff", "b;", "&",
}

func draw(t *rapid.T) (text string, chunks []int) {
	text = strings.Join(rapid.SliceOfN(rapid.SampledFrom(fragments), 0, 60).Draw(t, "text"), "")
	return text, rapid.SliceOfN(rapid.IntRange(1, 40), 1, 8).Draw(t, "chunks")
}

var drawn = secrets("X1Y2Z3 Z3", "X1Y2Z3", "Z3\n")

func TestCutsNeverMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, chunks := draw(t)
		whole, count := redact(drawn, text)
		pieces, again := redact(drawn, text, chunks...)
		require.Equal(t, whole, pieces)
		require.Equal(t, count, again)
	})
}

func TestASecretNeverPasses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, chunks := draw(t)
		out, _ := redact(drawn, text, chunks...)
		for _, secret := range drawn {
			require.NotContains(t, out, strings.TrimSpace(string(secret.Value))+"\n")
			require.NotContains(t, out, "X1Y2Z3")
		}
	})
}

func TestLittleIsHeldBack(t *testing.T) {
	longest := 0
	for _, secret := range drawn {
		for _, form := range forms(secret.Value) {
			longest = max(longest, len(form))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text, chunks := draw(t)
		r := New(drawn)
		for i := 0; len(text) > 0; i++ {
			n := min(len(text), chunks[i%len(chunks)])
			r.Next([]byte(text[:n]))
			text = text[n:]
			require.Less(t, len(r.values.held), longest)
			require.LessOrEqual(t, len(r.patterns.held), longestURL)
		}
	})
}

func TestPlainTextPassesUnchanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOf(rapid.SampledFrom([]byte("abc 123\r\n\x00\xff.,"))).Draw(t, "text")
		out, count := redact(secrets("never there"), string(text), 7)
		require.Equal(t, string(text), out)
		require.Zero(t, count)
	})
}

func TestAValueAddedLaterIsKnownFromThen(t *testing.T) {
	r := New(nil)
	first := r.Next([]byte("typed-word "))
	r.Add([]byte("typed-word"))
	rest := append(r.Next([]byte("typed-word")), r.Rest()...)
	require.Equal(t, "typed-word "+Marker, string(first)+string(rest))
}

func TestATextHoldsAValue(t *testing.T) {
	r := New(secrets("correct-horse"))
	require.True(t, r.Holds([]byte("declare -- URL=\"https://u:correct-horse@x\"")))
	require.True(t, r.Holds([]byte(base64.StdEncoding.EncodeToString([]byte("u:correct-horse")))))
	require.False(t, r.Holds([]byte("correct-hors")))
	require.Zero(t, r.Count())
}

func FuzzCutsNeverMatter(f *testing.F) {
	for _, fragment := range fragments {
		f.Add([]byte(fragment+"X1Y2Z3"+fragment), uint64(1))
	}
	f.Fuzz(func(t *testing.T, text []byte, seed uint64) {
		random := rand.New(rand.NewPCG(seed, 1))
		chunks := []int{random.IntN(9) + 1, random.IntN(70) + 1, 1}
		whole, _ := redact(drawn, string(text))
		pieces, _ := redact(drawn, string(text), chunks...)
		require.Equal(t, whole, pieces)
		require.NotContains(t, whole, "X1Y2Z3")
	})
}

func BenchmarkNext(b *testing.B) {
	line := []byte("2026-11-21T09:15:56Z ncn-m001 pod/cray-dns-unbound-7d9f ready=true restarts=0 path=/var/lib/x\r\n")
	chunk := bytes.Repeat(line, 350)
	for name, known := range map[string][]exec.Secret{"none": nil, "three": secrets("correct-horse", "battery staple", "hunter2hunter2")} {
		b.Run(name, func(b *testing.B) {
			r := New(known)
			b.SetBytes(int64(len(chunk)))
			for b.Loop() {
				r.Next(chunk)
			}
		})
	}
}
