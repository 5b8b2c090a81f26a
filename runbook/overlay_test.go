package runbook

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// vendors is a small procedure that its site does not own.
const vendors = `# Move the clock

## 1. Prepare

1. (` + "`ctl#`" + `) Name the node.

    ` + "```bash" + `
    NODE=ctl-1
    ` + "```" + `

1. (` + "`ctl#`" + `) Stop the old service.

    ` + "```bash" + `
    systemctl stop ntpd
    ` + "```" + `

1. Tell the people on call.

## 2. Start

1. (` + "`ctl#`" + `) Fetch the image from <registry host>.

    ` + "```bash" + `
    pull <registry host>/clock $NODE $SITE_DOMAIN
    ` + "```" + `

1. (` + "`ctl#`" + `) Look.

    ` + "```bash" + `
    clockctl status
    ` + "```" + `

    ` + "```text" + `
    all is well
    ` + "```" + `
`

func vendorPlan(t require.TestingT) *Plan {
	p, err := Read("clock.md", []byte(vendors))
	require.NoError(t, err)
	return p
}

// pins fills the ids of blocks and steps into an overlay: {stop} is the block whose text begins so, {=Look} the step of that title.
func pins(p *Plan, overlay string) string {
	for i := range p.Blocks {
		overlay = strings.ReplaceAll(overlay, "{"+strings.Fields(p.Blocks[i].First)[0]+"}", p.Blocks[i].ID)
	}
	for i := range p.Steps {
		overlay = strings.ReplaceAll(overlay, "{="+p.Steps[i].Title+"}", p.Steps[i].ID)
	}
	return overlay
}

func overlaid(t require.TestingT, p *Plan, source string) (*Plan, error) {
	o, err := ReadOverlay("clock.gatewalk.yaml", []byte(pins(p, source)))
	if err != nil {
		return nil, err
	}
	return Apply(p, o)
}

func written(t require.TestingT, p *Plan) string {
	var b bytes.Buffer
	require.NoError(t, p.WriteText(&b, nil))
	return b.String()
}

func begins(t require.TestingT, p *Plan, first string) *Block {
	for i := range p.Blocks {
		if strings.HasPrefix(p.Blocks[i].First, first) {
			return &p.Blocks[i]
		}
	}
	require.Fail(t, "no block begins with "+first)
	return nil
}

func TestOverlayChangesWhatItSays(t *testing.T) {
	for name, c := range map[string]struct {
		overlay string
		holds   func(*testing.T, *Plan)
	}{
		"replace": {"changes:\n  - block: {systemctl}\n    replace: systemctl stop chronyd\n", func(t *testing.T, p *Plan) {
			b := begins(t, p, "systemctl stop chronyd")
			require.Equal(t, []string{"systemctl stop chronyd\n"}, []string{b.Commands[0] + "\n"})
			require.Equal(t, Reason{"site", 3}, b.Why["text"])
			require.True(t, b.Site)
			require.Equal(t, "ctl", b.Host)
			require.Equal(t, identity("b", "systemctl stop chronyd", map[string]int{}), b.ID, "no mark of the old command may sit on the new one")
		}},
		"a dangerous replacement brings its gate": {"changes:\n  - block: {NODE=ctl-1}\n    replace: reboot\n", func(t *testing.T, p *Plan) {
			require.Equal(t, Disruptive, begins(t, p, "reboot").Gate)
		}},
		"skip": {"changes:\n  - block: {systemctl}\n    skip: we never had it\n", func(t *testing.T, p *Plan) {
			require.Equal(t, "we never had it", begins(t, p, "systemctl").Skip)
			require.Contains(t, written(t, p), "SITE leaves it out: we never had it")
		}},
		"what a skipped command set is asked for": {"changes:\n  - block: {NODE=ctl-1}\n    skip: known\n", func(t *testing.T, p *Plan) {
			require.Contains(t, begins(t, p, "pull").Inputs, "NODE")
			require.Equal(t, Reason{"site", 3}, begins(t, p, "pull").Why["inputs"])
		}},
		"gate": {"changes:\n  - block: {systemctl}\n    gate: stop\n    phrase: stop it\n", func(t *testing.T, p *Plan) {
			b := begins(t, p, "systemctl")
			require.Equal(t, Stop, b.Gate)
			require.Equal(t, &GateDetail{Weight: Typed, Phrase: "stop it", Sentence: "the site wants it confirmed", Line: 3}, b.GateDetail)
			require.Equal(t, Reason{"site", 3}, b.Why["gate"])
		}},
		"check, poll, undo": {"changes:\n  - block: {clockctl}\n    check: ^in step\n    fail_if: lost\n    poll: 10s\n    timeout: 5m\n    expect: it is in step\n    undo: clockctl back\n", func(t *testing.T, p *Plan) {
			b := begins(t, p, "clockctl")
			require.Equal(t, &Check{Regexp: "^in step", FailIf: "lost"}, b.Check)
			require.Equal(t, &PollRule{"10s", "5m0s"}, b.PollRule)
			require.Equal(t, "it is in step", b.Expect)
			require.Equal(t, "clockctl back", b.Undo)
		}},
		"lists": {"changes:\n  - block: {clockctl}\n    exit: [0, 3]\n    owes: [label, mail]\n", func(t *testing.T, p *Plan) {
			require.Equal(t, []int{0, 3}, begins(t, p, "clockctl").Check.Exit)
			require.Equal(t, []string{"label", "mail"}, begins(t, p, "clockctl").Owes)
		}},
		"hosts": {"hosts: {ctl: ncn-m001}\n", func(t *testing.T, p *Plan) {
			require.Equal(t, "ncn-m001", begins(t, p, "clockctl").Host)
			require.Equal(t, Reason{"site", 1}, begins(t, p, "clockctl").Why["host"])
		}},
		"a placeholder": {"values: {registry host: mirror.site}\n", func(t *testing.T, p *Plan) {
			b := begins(t, p, "pull")
			require.Equal(t, "pull mirror.site/clock $NODE $SITE_DOMAIN", strings.TrimSpace(b.Text))
			require.Equal(t, []string{"SITE_DOMAIN"}, b.Inputs)
			require.True(t, b.Site)
		}},
		"a value is quoted": {"changes:\n  - block: {pull}\n    set: {<registry host>: \"a b; rm x\"}\n", func(t *testing.T, p *Plan) {
			require.Equal(t, "pull 'a b; rm x'/clock $NODE $SITE_DOMAIN", begins(t, p, "pull").Commands[0])
		}},
		"a variable": {"values: {SITE_DOMAIN: two words}\n", func(t *testing.T, p *Plan) {
			b := begins(t, p, "SITE_DOMAIN=")
			require.Equal(t, "SITE_DOMAIN='two words'", b.Commands[0])
			require.Equal(t, "ctl", b.Host)
			require.NotContains(t, begins(t, p, "pull").Inputs, "SITE_DOMAIN")
			require.Equal(t, []string{"NODE=ctl-1", "systemctl stop ntpd", "SITE_DOMAIN='two words'", "pull <registry host>/clock $NODE $SITE_DOMAIN"}, firsts(p)[:4])
		}},
		"insert": {`changes:
  - block: {clockctl}
    insert: after
    title: Count them
    command: clockctl count
    check: ^3$
  - block: {clockctl}
    insert: after
    command: clockctl again
  - step: {=Tell the people on call}
    insert: before
    by_hand: Open the door. It is heavy.
`, func(t *testing.T, p *Plan) {
			require.Equal(t, []string{"NODE=ctl-1", "systemctl stop ntpd", "pull <registry host>/clock $NODE $SITE_DOMAIN", "clockctl status", "all is well", "clockctl count", "clockctl again"}, firsts(p))
			count := begins(t, p, "clockctl count")
			require.Equal(t, "^3$", count.Check.Regexp)
			require.Equal(t, "ctl", count.Host)
			require.Equal(t, "2/2/S2", count.Step)
			text := written(t, p)
			require.Less(t, strings.Index(text, "Open the door"), strings.Index(text, "Tell the people"))
			require.Contains(t, text, "1/S10  Open the door")
			require.Contains(t, text, "SITE: check (line 6), host (line 2), text (line 2)")
			require.Contains(t, text, "1/3  Tell the people on call", "what the document numbers keeps its numbers")
		}},
		"of a step": {"changes:\n  - step: {=Tell the people on call}\n    optional: at night\n    title: Ring the people\n    estimate: 5m\n", func(t *testing.T, p *Plan) {
			require.Contains(t, written(t, p), "1/3  Ring the people")
			require.Contains(t, written(t, p), "only under a condition: at night")
		}},
		"canary": {"changes:\n  - block: {systemctl}\n    gate: canary\n    canary_of: {NODE=ctl-1}\n  - block: {NODE=ctl-1}\n    replace: NODE=ctl-2\n", func(t *testing.T, p *Plan) {
			require.Equal(t, begins(t, p, "NODE=ctl-2").ID, begins(t, p, "systemctl").GateDetail.CanaryOf)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			p := vendorPlan(t)
			before := asJSON(t, p)
			laid, err := overlaid(t, p, c.overlay)
			require.NoError(t, err)
			c.holds(t, laid)
			require.Equal(t, before, asJSON(t, p), "the plan of the document is left as it is")
			sound(t, laid)
		})
	}
}

func firsts(p *Plan) []string {
	var all []string
	for _, i := range p.order() {
		all = append(all, p.Blocks[i].First)
	}
	return all
}

func asJSON(t require.TestingT, p *Plan) string {
	var b bytes.Buffer
	require.NoError(t, p.WriteJSON(&b))
	return b.String()
}

// sound holds for every plan: names are unique, and all that is pointed to is there.
func sound(t require.TestingT, p *Plan) {
	seen := map[string]bool{}
	for i := range p.Blocks {
		require.False(t, seen[p.Blocks[i].ID], p.Blocks[i].ID)
		seen[p.Blocks[i].ID] = true
		require.True(t, p.Blocks[i].Gate == NoGate || p.Blocks[i].GateDetail != nil && p.Blocks[i].GateDetail.Weight != "", p.Blocks[i].First)
	}
	for i := range p.Steps {
		require.False(t, seen[p.Steps[i].ID], p.Steps[i].ID)
		seen[p.Steps[i].ID] = true
		require.Less(t, p.Steps[i].Parent, len(p.Steps))
		for _, b := range p.Steps[i].Blocks {
			require.Contains(t, p.Steps[i].Body, Item{Kind: BlockItem, Index: b})
		}
	}
}

func TestOverlayIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ overlay, want string }{
		"unknown part":        {"vlaues: {a: b}\n", `clock.gatewalk.yaml:1: unknown key "vlaues"; an overlay has values, hosts and changes`},
		"unknown key":         {"changes:\n  - block: {systemctl}\n    gaet: stop\n", `:3: unknown key "gaet"; the nearest known key is "gate"`},
		"twice":               {"changes:\n  - block: {systemctl}\n    gate: stop\n    gate: none\n", `"gate"`},
		"alias":               {"changes:\n  - &a\n    block: {systemctl}\n    gate: stop\n  - *a\n", ":2: anchors and aliases are not read"},
		"no list":             {"changes: {a: b}\n", ":1: changes is a list"},
		"nobody":              {"changes:\n  - gate: stop\n", ":2: the change names no block and no step"},
		"both":                {"changes:\n  - block: {systemctl}\n    step: {=Look}\n", ":3: a change speaks of a block or of a step, not of both"},
		"nothing":             {"changes:\n  - block: {systemctl}\n    was: x\n", ":2: the change says nothing about"},
		"insert nowhere":      {"changes:\n  - block: {systemctl}\n    insert: near\n    command: x\n", ":2: insert: near: want before or after"},
		"insert nothing":      {"changes:\n  - block: {systemctl}\n    insert: after\n", ":2: what is inserted has a command or words in by_hand"},
		"skip and more":       {"changes:\n  - block: {systemctl}\n    skip: no\n    gate: stop\n", ":2: what is left out needs nothing else"},
		"skip without reason": {"changes:\n  - block: {systemctl}\n    skip: \"\"\n", ":3: skip wants a word"},
		"bad value":           {"changes:\n  - block: {systemctl}\n    gate: slow\n", `:3: gate="slow": want one of`},
		"bad pattern":         {"changes:\n  - block: {systemctl}\n    check: \"(\"\n", ":3: check="},
		"step key on a block": {"changes:\n  - block: {systemctl}\n    title: x\n", ":3: title speaks of a step; name it with step: ID"},
		"twice replaced":      {"changes:\n  - block: {systemctl}\n    replace: a\n  - block: {systemctl}\n    replace: b\n", "is said of the same on line 3 already; keep one"},
		"an output":           {"changes:\n  - block: {all}\n    replace: b\n", "is a sample output, which nobody runs"},
		"unknown host":        {"hosts: {clt: a}\n", `:1: no block of clock.md runs on clt; the nearest is "ctl"`},
		"unneeded value":      {"values: {SITE_DOMIAN: a}\n", `:1: nothing in clock.md needs a value for SITE_DOMIAN; the nearest is "SITE_DOMAIN"`},
		"unneeded here":       {"changes:\n  - block: {systemctl}\n    set: {NODE: a}\n", ":3: "},
		"too short":           {"changes:\n  - block: b\n    gate: stop\n", ":2: clock.md has no block b (any more)"},
		"canary of nobody":    {"changes:\n  - block: {systemctl}\n    gate: canary\n    canary_of: first\n", ":4: canary_of="},
		"not yaml":            {"changes: [\n", "clock.gatewalk.yaml: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := overlaid(t, vendorPlan(t), c.overlay)
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := ReadOverlay("big.yaml", bytes.Repeat([]byte("#"), MaxOverlay+1))
	require.ErrorContains(t, err, "more than an overlay may have")
}

// A secret has no place in a file.
func TestOverlayHoldsNoSecret(t *testing.T) {
	p, err := Read("x.md", []byte("# T\n\n1. Log in.\n\n    ```bash\n    login --password \"$ADMIN_PASSWORD\"\n    ```\n"))
	require.NoError(t, err)
	_, err = overlaid(t, p, "values: {ADMIN_PASSWORD: hunter2}\n")
	require.ErrorContains(t, err, ":1: ADMIN_PASSWORD is a secret, and a file is no place for one")
}

// A stale pin is an error that names what is nearest: by its id if that was mistyped, by its words if the vendor changed it.
func TestStalePinNamesTheNearest(t *testing.T) {
	p := vendorPlan(t)
	stop := begins(t, p, "systemctl")
	_, err := overlaid(t, p, "changes:\n  - block: b000000000000\n    was: systemctl stop openntpd\n    gate: stop\n")
	require.EqualError(t, err, fmt.Sprintf("clock.gatewalk.yaml:2: clock.md has no block b000000000000 (any more); the nearest is %s on line %d: systemctl stop ntpd; read it, and give its id if it is what you mean", stop.ID, stop.Line))
	_, err = overlaid(t, p, "changes:\n  - block: "+stop.ID[:11]+"zz\n    gate: stop\n")
	require.ErrorContains(t, err, "the nearest is "+stop.ID)
}

// The same command twice is two blocks: a beginning of their ids names neither, a whole one its own.
func TestPinsTellEqualBlocksApart(t *testing.T) {
	p, err := Read("x.md", []byte("# T\n\n```bash\nls /x\n```\n\nThen again.\n\n```bash\nls /x\n```\n"))
	require.NoError(t, err)
	first, second := p.Blocks[0].ID, p.Blocks[1].ID
	require.Equal(t, first+".2", second)
	_, err = overlaid(t, p, "changes:\n  - block: "+first[:8]+"\n    gate: stop\n")
	require.EqualError(t, err, "clock.gatewalk.yaml:2: block "+first[:8]+" is the beginning of 2 ids, such as "+first+" and "+second+"; write more of it")
	for pin, gates := range map[string][]GateKind{first: {Stop, NoGate}, second: {NoGate, Stop}} {
		laid, err := overlaid(t, p, "changes:\n  - block: "+pin+"\n    gate: stop\n")
		require.NoError(t, err)
		require.Equal(t, gates, []GateKind{laid.Blocks[0].Gate, laid.Blocks[1].Gate})
	}
}

func TestStaleIsAlwaysAnError(t *testing.T) {
	p := vendorPlan(t)
	rapid.Check(t, func(t *rapid.T) {
		pin := rapid.StringMatching(`[bs][0-9a-f]{4,12}`).Draw(t, "pin")
		for i := range p.Blocks {
			if strings.HasPrefix(p.Blocks[i].ID, pin) {
				t.Skip("it is one")
			}
		}
		_, err := overlaid(t, p, "changes:\n  - block: "+pin+"\n    "+rapid.SampledFrom([]string{"skip: x", "gate: none", "replace: x", "insert: after\n    command: x"}).Draw(t, "change")+"\n")
		require.ErrorContains(t, err, "the nearest is b")
	})
}

// An overlay that says nothing changes nothing but that it is named.
func TestEmptyOverlayChangesNothing(t *testing.T) {
	documents := rapid.SliceOfN(rapid.SampledFrom([]string{
		"## Part\n\n", "1. Stop it.\n\n    ```bash\n    systemctl stop x\n    ```\n\n", "Reboot all the other nodes.\n\n```bash\nreboot $ALL\n```\n\n",
		"> **WARNING** Do not continue.\n\n", "Verify that it is up.\n\n```bash\nping -c1 <node>\n```\n\n```text\n1 received\n```\n\n", "<!-- gatewalk gate=canary -->\n```bash\ngo\n```\n\n",
	}), 1, 12)
	rapid.Check(t, func(t *rapid.T) {
		p, err := Read("x.md", []byte("# T\n\n```bash\nls\n```\n\n"+strings.Join(documents.Draw(t, "document"), "")))
		require.NoError(t, err)
		laid, err := overlaid(t, p, rapid.SampledFrom([]string{"", "# nothing\n", "changes: []\n", "{}\n"}).Draw(t, "overlay"))
		require.NoError(t, err)
		require.Len(t, laid.Documents, 1)
		laid.Documents = nil
		require.Equal(t, asJSON(t, p), asJSON(t, laid))
		sound(t, laid)
	})
}

// What an overlay does not speak of stays as it was read.
func TestOverlayLeavesTheRest(t *testing.T) {
	p := vendorPlan(t)
	laid, err := overlaid(t, p, "changes:\n  - block: {systemctl}\n    gate: stop\n")
	require.NoError(t, err)
	for i := range p.Blocks {
		if !laid.Blocks[i].Site {
			require.Equal(t, p.Blocks[i], laid.Blocks[i])
		}
	}
}

func FuzzReadOverlay(f *testing.F) {
	f.Add("values: {a: b}\nchanges:\n  - block: b12345\n    gate: stop\n")
	f.Add("changes:\n  - step: s12345\n    insert: after\n    by_hand: \" \"\n")
	p := vendorPlan(f)
	f.Fuzz(func(t *testing.T, source string) {
		laid, err := overlaid(t, p, source)
		if err == nil {
			sound(t, laid)
		}
	})
}
