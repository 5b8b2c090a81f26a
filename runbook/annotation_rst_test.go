package runbook

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// An annotation says the same in every syntax, in each of the ways that syntax has for it.
func TestAnnotationsInEverySyntax(t *testing.T) {
	for name, sources := range map[string][]string{
		"x.md": {
			"# T\n\n```bash {host=box1 gate=stop}\nls\n```\n",
			"# T\n\n<!-- gatewalk host=box1 gate=stop -->\n```bash\nls\n```\n",
		},
		"x.rst": {
			"T\n=\n\n.. code-block:: bash {host=box1 gate=stop}\n\n   ls\n",
			"T\n=\n\n.. code-block:: bash\n   :gatewalk: host=box1 gate=stop\n\n   ls\n",
			"T\n=\n\n.. gatewalk host=box1 gate=stop\n\n.. code-block:: bash\n\n   ls\n",
			"T\n=\n\n.. gatewalk: host=box1\n   gate=stop\n\nRun it::\n\n   ls\n",
			"T\n=\n\n.. gatewalk:: host=box1 gate=stop\n\n.. code:: bash\n\n   ls\n",
			"T\n=\n\n#. Go.\n\n   ..\n      gatewalk host=box1 gate=stop\n\n   .. code:: bash\n\n      ls\n",
		},
	} {
		for _, source := range sources {
			p, err := Read(name, []byte(source))
			require.NoError(t, err)
			require.Empty(t, p.Problems, source)
			require.Len(t, p.Blocks, 1, source)
			require.Equal(t, "box1", p.Blocks[0].Host, source)
			require.Equal(t, Stop, p.Blocks[0].Gate, source)
			require.Equal(t, "annotation", p.Blocks[0].Why["gate"].Rule, source)
		}
	}
}

// An annotation where none is read is named, for what is overlooked protects nobody.
func TestAnnotationInsideWordsIsNamed(t *testing.T) {
	p, err := Read("x.md", []byte("# T\n\nRun it: <!-- gatewalk gate=stop -->\n\n```bash\nls\n```\n"))
	require.NoError(t, err)
	require.Equal(t, 3, p.Problems[0].Line)
	require.Contains(t, p.Problems[0].Text, "give it a line of its own")
}
