package local

import (
	"regexp"
	"slices"
	"strings"
)

// isSecretName says whether a variable of this name is never kept.
func isSecretName(name string) bool {
	upper := strings.ToUpper(name)
	for _, part := range []string{"PASS", "TOKEN", "SECRET", "CREDENTIAL", "API_KEY", "APIKEY", "PRIVATE_KEY"} {
		if strings.Contains(upper, part) {
			return true
		}
	}
	return false
}

// isShellsOwn says whether a variable belongs to bash itself, or makes every later program load something.
func isShellsOwn(name string) bool {
	return strings.HasPrefix(name, "BASH") || strings.HasPrefix(name, "COMP_") || strings.HasPrefix(name, "__gatewalk_") ||
		slices.Contains(shellsOwn, name)
}

var shellsOwn = []string{
	"_", "COLUMNS", "COPROC", "DIRSTACK", "EPOCHREALTIME", "EPOCHSECONDS", "EUID", "FUNCNAME", "GROUPS", "HISTCMD", "HOSTNAME",
	"HOSTTYPE", "LINENO", "LINES", "MACHTYPE", "OLDPWD", "OPTARG", "OPTIND", "OPTERR", "OSTYPE", "PIPESTATUS", "POSIXLY_CORRECT",
	"PPID", "PS4", "PWD", "RANDOM", "SECONDS", "SHELLOPTS", "SHLVL", "SRANDOM", "UID", "LD_PRELOAD", "LD_AUDIT",
}

// isPlain says whether a variable is shown although it is not restored by its name.
func isPlain(name string) bool { return name == "PWD" || name == "OLDPWD" || name == "HOSTNAME" }

// isVariableName says whether the shell can have a variable of this name.
func isVariableName(name string) bool {
	for at, letter := range []byte(name) {
		switch {
		case letter == '_' || 'A' <= letter && letter <= 'Z' || 'a' <= letter && letter <= 'z':
		case at > 0 && '0' <= letter && letter <= '9':
		default:
			return false
		}
	}
	return name != ""
}

// silentReads are the variables that these commands read without showing what is typed. Rather one too many than one too few.
func silentReads(commands []string) []string {
	if !slices.ContainsFunc(commands, func(command string) bool { return strings.Contains(command, "read") }) {
		return nil // no pattern is compiled beside a command that needs none
	}
	reading := regexp.MustCompile(`(?m)(?:^|[\s;&|(])read[ \t]+([^;&|<>\n]*)`)
	quoted := regexp.MustCompile(`\$?'[^']*'|"(?:[^"\\]|\\.)*"`)
	silently := regexp.MustCompile(`^-[a-zA-Z]*s`)
	var names []string
	for _, command := range commands {
		unquoted := quoted.ReplaceAllString(command, "")
		for _, read := range reading.FindAllStringSubmatch(command+"\n"+unquoted, -1) {
			words := strings.Fields(read[1])
			if slices.ContainsFunc(words, silently.MatchString) {
				names = append(names, slices.DeleteFunc(words, isNoName)...)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func isNoName(word string) bool { return !isVariableName(word) }
