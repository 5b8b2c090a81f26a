package shell

import "slices"

// standard are the variables that bash itself, or a login, always provides (bash(1), "Shell Variables"; environ(7)).
var standard = []string{
	"BASH", "BASHPID", "BASH_REMATCH", "BASH_SOURCE", "BASH_VERSION", "COLUMNS", "DIRSTACK", "EPOCHSECONDS", "EUID", "FUNCNAME",
	"GROUPS", "HOME", "HOSTNAME", "HOSTTYPE", "IFS", "LANG", "LINENO", "LINES", "LOGNAME", "MACHTYPE", "OLDPWD", "OSTYPE", "PATH",
	"PIPESTATUS", "PPID", "PWD", "RANDOM", "REPLY", "SECONDS", "SHELL", "SHLVL", "TERM", "UID", "USER",
}

// Standard says whether a variable has its value from bash or from the login, and is nobody's to supply.
func Standard(name string) bool { return slices.Contains(standard, name) }
