package runbook

import (
	"strings"
	"sync"
)

// language is what a block is written in, as far as its kind hangs on it.
type language string

const (
	shellLanguage language = "shell"
	plainText     language = "text"
	configuration language = "configuration"
	outputShape   language = "output"
	queries       language = "queries" // what is typed at the client of a database
	program       language = "program" // a language with a shell of its own, in which it is typed as well as kept in files
	unsaid        language = ""
)

var languages = map[language][]string{
	shellLanguage: strings.Fields("bash sh shell console shellsession shell-session session zsh ksh terminal cmd bat batch powershell ps1 ssh-session curl command shell-script sh-session"),
	queries:       strings.Fields("sql mysql psql postgres postgresql pgsql plpgsql cql tsql mariadb mongo mongosh mongodb redis influxql cypher hql n1ql"),
	plainText:     strings.Fields("text txt plaintext plain http output log logs screen ansi mermaid"),
	configuration: strings.Fields("json json5 jsonc yaml yml toml ini conf config cfg diff patch xml csv properties hcl terraform html jinja jinja2 j2 nginx apache dockerfile go golang java typescript promql systemd desktop dotenv env makefile protobuf graphql css scss sass less cpp c++ c rust kotlin swift csharp markdown md rst latex tex math jsonnet libsonnet puppet pp erb rego nix cue vue tsx jsx smarty cmake"),
	program:       strings.Fields("javascript js python py python3 pycon ipython ruby irb erlang erl elixir iex r perl lua php groovy scala clojure julia"),
}

// languageNames are the languages by what a fence may call them.
var languageNames = sync.OnceValue(func() map[string]language {
	all := map[string]language{}
	for language, names := range languages {
		for _, name := range names {
			all[name] = language
		}
	}
	return all
})

func languageOf(lang string) language {
	lang = strings.TrimSuffix(strings.ToLower(lang), "-interactive")
	if name, ok := languageNames()[lang]; ok {
		return name
	}
	if strings.HasSuffix(lang, "shell") || strings.HasSuffix(lang, "cli") {
		return shellLanguage
	}
	return unsaid
}
