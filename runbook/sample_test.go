package runbook

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A site says what stands in the place of a sample, that the sample is right, or that it is none.
func TestASiteSettlesASample(t *testing.T) {
	const source = "# Pools\n\n1. Drop it. Replace `pool-7` with the name of your pool.\n\n    ```bash\n    site drop pool-7\n    ```\n\n" +
		"1. Set the `ADDRESS` variable to the address of your node.\n\n    ```bash\n    export ADDRESS=\"10.0.0.1\"\n    ```\n"
	for overlay, want := range map[string][2]string{
		"values: {pool-7: big tank, $ADDRESS: 192.0.2.7}\n":                                         {"site drop 'big tank'", "export ADDRESS=\"192.0.2.7\""},
		"values: {pool-7: pool-7, ADDRESS: 10.0.0.1}\n":                                             {"site drop pool-7", "export ADDRESS=\"10.0.0.1\""},
		"changes:\n  - block: {site}\n    inputs: []\n  - block: {export}\n    set: {ADDRESS: b}\n": {"site drop pool-7", "export ADDRESS=\"b\""},
	} {
		p, err := Read("pools.md", []byte(source))
		require.NoError(t, err)
		require.Equal(t, "pool-7", p.Blocks[0].Samples[0].Text)
		require.Equal(t, "ADDRESS=10.0.0.1", sampleWords(&p.Blocks[1]))
		p, err = overlaid(t, p, overlay)
		require.NoError(t, err, overlay)
		for i := range want {
			require.Equal(t, []string{want[i]}, p.Blocks[i].Commands, overlay)
			require.Empty(t, p.Blocks[i].Inputs, overlay)
			require.Empty(t, p.Blocks[i].Samples, overlay)
		}
	}
}
