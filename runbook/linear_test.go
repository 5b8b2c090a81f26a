package runbook

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// manyBlocks is a document of n blocks in Markdown, with the words that go with them.
func manyBlocks(n int) []byte {
	return repeated("# Many\n", "\n## Part %d\n\n", "1. (`n%d#`) Step %d.\n\n    ```bash\n    tool set %d\n    ```\n\n", n)
}

// manyIn is manyBlocks in each syntax, by the name of the file it stands in.
func manyIn(n int) map[string][]byte {
	return map[string][]byte{
		"many.md":  manyBlocks(n),
		"many.rst": repeated("Many\n====\n\n", "Part %d\n-------\n\n", "#. (``n%d#``) Step %d.\n\n   .. code-block:: bash\n\n      tool set %d\n\n", n),
		"many.txt": repeated("Many\n\n", "Part %d\n\n", "1. (n%d#) Step %d.\n\n    $ tool set %d\n\n", n),
	}
}

func repeated(title, part, step string, n int) []byte {
	var b strings.Builder
	b.WriteString(title)
	for i := range n {
		if i%50 == 0 {
			fmt.Fprintf(&b, part, i/50)
		}
		fmt.Fprintf(&b, step, i%7, i, i)
	}
	return []byte(b.String())
}

// What reading costs grows with the document, not with its square: counted in what is allocated, which no other process changes.
func TestCostGrowsWithTheDocument(t *testing.T) {
	const few, times = 500, 8
	many := manyIn(few * times)
	for name, source := range manyIn(few) {
		t.Run(name, func(t *testing.T) {
			count, size := cost(t, name, source, few)
			countOfMany, sizeOfMany := cost(t, name, many[name], few*times)
			require.Less(t, countOfMany, 1.1*times*count, "allocations")
			require.Less(t, sizeOfMany, 1.25*times*size, "bytes")
		})
	}
}

// cost is how often reading a document of so many blocks allocates, and how many bytes.
func cost(t *testing.T, name string, source []byte, blocks int) (count, size float64) {
	t.Helper()
	read := func() {
		p, err := Read(name, source)
		require.NoError(t, err)
		require.Len(t, p.Blocks, blocks)
	}
	read() // what is made once is made
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	read()
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs - before.Mallocs), float64(after.TotalAlloc - before.TotalAlloc)
}

// BenchmarkRead prints, for 100,000 blocks, how many times as long they take as 10,000: ten times is linear.
func BenchmarkRead(b *testing.B) {
	took := map[int]float64{}
	for _, n := range []int{1_000, 10_000, 100_000} {
		source := manyBlocks(n)
		b.Run(fmt.Sprintf("blocks=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(source)))
			for b.Loop() {
				p, err := Read("many.md", source)
				if err != nil || len(p.Blocks) != n {
					b.Fatal(err)
				}
			}
			took[n] = float64(b.Elapsed()) / float64(b.N)
			if n == 100_000 && took[10_000] > 0 {
				b.ReportMetric(took[n]/took[10_000], "times-10000-blocks")
			}
		})
	}
}
