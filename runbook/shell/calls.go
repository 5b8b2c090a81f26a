package shell

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// calls lists the simple commands of a program, those handed to ssh and the like as well.
func calls(file *syntax.File) []Call {
	var out []Call
	piped, fed := map[syntax.Node]bool{}, map[syntax.Node]bool{}
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.BinaryCmd:
			if n.Op == syntax.Pipe || n.Op == syntax.PipeAll {
				piped[n.X] = true
				feed(n.Y, fed)
			}
		case *syntax.CmdSubst:
			for _, s := range n.Stmts {
				piped[s] = true
			}
		case *syntax.Stmt:
			if readsFile(n) {
				feed(n, fed)
			}
			call, ok := n.Cmd.(*syntax.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			c := Call{Words: unwrap(literals(call.Args)), Piped: piped[n] || writesFile(n), Fed: fed[n]}
			c.verbs = verbsOf(c.Words)
			c.password = slices.ContainsFunc(call.Args, func(w *syntax.Word) bool { return barePassword(w.Lit()) })
			out = append(out, withHandedOn(c)...)
		}
		return true
	})
	return out
}

func barePassword(word string) bool { return word == "-p" || word == "--password" }

// feed marks a statement, and all inside it, as taking what it reads from a pipe or a file.
func feed(s *syntax.Stmt, fed map[syntax.Node]bool) {
	if fed[s] {
		return
	}
	syntax.Walk(s, func(n syntax.Node) bool {
		if inner, ok := n.(*syntax.Stmt); ok {
			fed[inner] = true
		}
		return true
	})
}

func readsFile(s *syntax.Stmt) bool {
	return slices.ContainsFunc(s.Redirs, func(r *syntax.Redirect) bool {
		return r.Op == syntax.RdrIn || r.Op == syntax.Hdoc || r.Op == syntax.DashHdoc || r.Op == syntax.WordHdoc
	})
}

func writesFile(s *syntax.Stmt) bool {
	return slices.ContainsFunc(s.Redirs, func(r *syntax.Redirect) bool {
		return r.Op == syntax.RdrOut || r.Op == syntax.AppOut || r.Op == syntax.RdrAll || r.Op == syntax.AppAll
	})
}

// wrappers run the command that follows them. The value names their options that take a word.
var wrappers = map[string]string{
	"sudo": "ugpCh", "env": "u", "time": "", "nohup": "", "exec": "a", "command": "", "nice": "n", "timeout": "ks", "stdbuf": "ioe",
	"xargs": "nIPLd", "ionice": "cn", "setsid": "", "strace": "eo", "doas": "u", "chroot": "", "watch": "", "gosu": "", "su-exec": "",
}

// unwrap takes sudo, env A=b, timeout 5m and the like off the front. watch stays: it is what the operator sees.
func unwrap(words []string) []string {
	for len(words) > 1 && words[0] != "watch" {
		options, ok := wrappers[base(words[0])]
		if !ok {
			return words
		}
		rest := skipOptions(words[1:], options)
		if name := base(words[0]); oneOf(name, "timeout", "chroot", "gosu", "su-exec") && len(rest) > 0 {
			rest = rest[1:]
		}
		for len(rest) > 0 && base(words[0]) == "env" && strings.Contains(rest[0], "=") {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return words
		}
		words = rest
	}
	return words
}

// skipOptions takes the options off the front, with the words that some of the short ones take: -u name, -iu name, -uname.
func skipOptions(words []string, withWord string) []string {
	for len(words) > 0 && strings.HasPrefix(words[0], "-") && words[0] != "-" {
		option := words[0]
		words = words[1:]
		if option == "--" {
			return words
		}
		if at := strings.IndexAny(option[1:], withWord); at >= 0 && at == len(option)-2 && len(words) > 0 {
			words = words[1:]
		}
	}
	return words
}

func base(command string) string {
	return command[strings.LastIndexByte(command, '/')+1:]
}

// withHandedOn is a command and those that it hands on.
func withHandedOn(c Call) []Call {
	inner := handedOn(c)
	c.hands = len(inner) > 0 && runsElsewhere(c.Words)
	return append([]Call{c}, inner...)
}

// inOneWord is the command that a program is given in quotes: --command 'reboot', tool ssh role:db 'systemctl stop db',
// tool hosts -m shell -a 'cat /etc/fstab'.
func inOneWord(words []string) string {
	if last := words[len(words)-1]; len(words) > 3 && words[1] == "ssh" {
		if strings.Contains(last, " ") {
			return last
		}
		if there := skipOptions(words[2:], "lipu"); len(there) > 1 {
			return strings.Join(there[1:], " ")
		}
	}
	if shellModule(words) {
		return after(words, "-a")
	}
	if carried := behindDashes(words); carried != nil {
		return strings.Join(carried, " ")
	}
	if last, name := words[len(words)-1], base(words[0]); len(words) > 1 && strings.Contains(last, " ") && Known(firstWord(last)) && !readers[name] && name != "git" && !strings.HasPrefix(words[len(words)-2], "--m") {
		return last
	}
	return after(words, "--command")
}

// behindDashes is what a tool that knows where to run things, or as whom, is told to run there: login role -- kubectl get nodes.
func behindDashes(words []string) []string {
	at := slices.Index(words, "--")
	if at < 2 || at+1 >= len(words) || readers[base(words[0])] || changers[base(words[0])] || !Known(words[at+1]) {
		return nil
	}
	return words[at+1:]
}

// Known says whether a word is one of the programs known here.
func Known(word string) bool {
	name := base(word)
	_, wraps := wrappers[name]
	return wraps || readers[name] || changers[name] || terminals[name] || shells[name] || packagers[name] ||
		oneOf(name, "kubectl", "oc", "helm", "systemctl", "service", "docker", "podman", "reboot", "shutdown", "terraform", "ansible-playbook", "bosh", "aws", "ceph")
}

// shellModule says whether a tool is told to hand its argument to the shells of its hosts.
func shellModule(words []string) bool { return oneOf(after(words, "-m"), "shell", "command", "raw") }

// after is the word behind an option, "" if there is none.
func after(words []string, option string) string {
	if i := slices.Index(words, option); i > 0 && i+1 < len(words) {
		return words[i+1]
	}
	return ""
}

// runsElsewhere says whether a command only carries another to where it runs, and does nothing of its own.
func runsElsewhere(words []string) bool {
	return oneOf(base(words[0]), "ssh", "pdsh", "clush") || len(words) > 1 && oneOf(words[1], "ssh", "exec") || shellModule(words) || behindDashes(words) != nil
}

// quoted joins words to the line that they were, those with blanks in quotes.
func quoted(words []string) string {
	var line strings.Builder
	for _, word := range words {
		if strings.Contains(word, " ") && !strings.Contains(word, "'") {
			word = "'" + word + "'"
		}
		line.WriteString(word + " ")
	}
	return line.String()
}

// handedOn are the commands that ssh, pdsh, docker exec, kubectl exec, su -c and sh -c run, and what any program is given as --command.
func handedOn(c Call) []Call {
	inner, remote := "", true
	switch words := c.Words; base(words[0]) {
	case "ssh":
		rest := skipOptions(words[1:], "bcDEeFIiJLlmOopQRSWw")
		if len(rest) > 1 {
			inner = strings.Join(rest[1:], " ")
		}
	case "pdsh", "clush":
		rest := skipOptions(words[1:], "wxlfutg")
		inner = strings.Join(rest, " ")
	case "docker", "podman", "kubectl", "oc", "crictl", "nerdctl", "lxc":
		if i := slices.Index(words, "--"); i > 0 {
			inner = quoted(words[i+1:])
		}
	case "su", "sh", "bash":
		remote = false
		if i := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "-") && strings.HasSuffix(w, "c") }); i > 0 && i+1 < len(words) {
			inner = words[i+1]
		}
	default:
		inner = inOneWord(words)
	}
	if strings.TrimSpace(inner) == "" {
		return nil
	}
	file, err := parse(inner)
	if err != nil {
		return nil
	}
	out := calls(file)
	for i := range out {
		out[i].Remote = out[i].Remote || remote
	}
	return out
}
