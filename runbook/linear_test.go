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
		b.Run(fmt.Sprintf("blocks=%d", n), func(b *testing.B) {
			readMany(b, manyBlocks(n), n)
			took[n] = float64(b.Elapsed()) / float64(b.N)
			if n == 100_000 && took[10_000] > 0 {
				b.ReportMetric(took[n]/took[10_000], "times-10000-blocks")
			}
		})
	}
}

// BenchmarkReadPages reads 1,000 blocks as they stand in the pages that people write: long sentences before each and behind
// it, notes, checks, conditions, outputs and lists.
func BenchmarkReadPages(b *testing.B) {
	const blocks = 1_000
	readMany(b, []byte("# A year on the farm\n\n"+strings.Repeat(page, blocks/strings.Count(page, "```bash"))), blocks)
}

func readMany(b *testing.B, source []byte, blocks int) {
	b.ReportAllocs()
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		p, err := Read("many.md", source)
		if err != nil || len(p.Blocks) < blocks {
			b.Fatal(err)
		}
	}
}

const page = `## Move the herd to the winter barn

The herd is kept on the upper pasture until the first frost, and each of the barns has room for about forty cows, which is
why they are moved in groups rather than all at once. The whole procedure takes between two and three hours, depending on
the weather and on how many hands there are, and it must not be interrupted once the first group has left the pasture.

> **NOTE:** If the gate of a barn was replaced during the summer, its lock may still have the number that the maker gave it.
> See [Locks](#locks) for more information about how these are changed before any animal is let in.

1. Make sure that every trough in the barn has been filled since yesterday, and that none of the heaters reports an error.

   ` + "```bash" + `
   farm trough list --barn winter --all
   ` + "```" + `

   The output should look similar to the following, where the state of all the troughs is ` + "`full`" + `:

   ` + "```text" + `
   TROUGH   BARN     STATE
   north    winter   full
   south    winter   full
   ` + "```" + `

1. (` + "`barn-m001#`" + `) On the machine that controls the gates, replace ` + "`<barn>`" + ` with the name of the barn that was chosen in the
   previous step, and open its gate so that the first of the groups can be driven through it before the others follow.

   ` + "```bash" + `
   farm gate open --barn <barn> --for "$GROUP" && farm gate status <barn>
   ` + "```" + `

   If the command fails with a message that the gate is held by another operator, wait until they have finished, and then
   repeat this step. Do not force the gate open while somebody else may still be standing behind it.

1. Repeat the previous step for each of the remaining groups, one at a time, and verify after each of them that the number of
   cows in the barn has grown by as many as have left the pasture.

   ` + "```bash" + `
   farm count cows --barn <barn> | tee -a /var/log/farm/winter.log
   ` + "```" + `

1. (Optional) When the weather report predicts more than ten degrees of frost for the coming night, switch the heaters of the
   barn to their higher setting; this restarts them, so that it may take a few minutes until they are warm again.

   ` + "```bash" + `
   farm heater set --barn <barn> --level high
   ` + "```" + `

After the herd has been moved, tell the neighbours that the pasture is empty, because they may want to cut the last of the
grass there, and write down in the book of the farm who was there and at which hour the last gate was closed.

`
