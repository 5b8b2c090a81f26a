# Carries the state of a shell from one attempt to the next. Nothing here forks: a fork costs more than all the rest.
# Whatever options, IFS or traps the commands have left, this must still work; so it quotes everything and names its builtins.
# The shim reads what __gatewalk_save writes from a pipe, a sequence of words that end in NUL, and decides what may be kept.

# __gatewalk_begin is the last thing before the first command: its options may be hostile, and $? is the last attempt's.
__gatewalk_begin() {
	builtin printf 'begun %d\n' "$$" >>"$__gatewalk_attempt/exits"
	builtin eval "$__gatewalk_traps"
	builtin eval "$__gatewalk_options"
	return "$__gatewalk_status"
}

# __gatewalk_ended COMMAND CODE records the end of a top-level command. The first that fails is the last.
__gatewalk_ended() {
	builtin printf '%d %d\n' "$1" "$2" >>"$__gatewalk_attempt/exits"
	[ "$2" -eq 0 ] || __gatewalk_save "$2"
	return "$2"
}

# __gatewalk_left CODE runs when a command has ended the shell itself. Inside a function local variables hide the shell's own.
__gatewalk_left() {
	local __gatewalk_frame
	for __gatewalk_frame in "${FUNCNAME[@]:1:${#FUNCNAME[@]}-2}"; do
		[ "$__gatewalk_frame" != source ] || continue
		[ -n "$__gatewalk_saved" ] || __gatewalk_tell 'inside\0'
		return 0
	done
	__gatewalk_save "$1"
}

# __gatewalk_tell sends words to the shim. Where the shim is gone nobody would ever read them. The pipe is opened for both directions,
# because otherwise the shell would wait for a reader.
__gatewalk_tell() {
	builtin kill -0 "$__gatewalk_shim" || return 0
	builtin printf "$@" 1<>"$__gatewalk_attempt/state"
}

# __gatewalk_save CODE hands the state of the shell to the shim, once.
__gatewalk_save() {
	[ -z "$__gatewalk_saved" ] || return 0
	__gatewalk_saved=1
	builtin kill -0 "$__gatewalk_shim" || return 0
	{
		builtin printf 'options\0'
		builtin set +o
		builtin set +eux
		builtin printf '\0traps\0'
		builtin trap -p ERR DEBUG RETURN HUP INT QUIT TERM USR1 USR2 ALRM WINCH CHLD CONT TSTP PIPE
		builtin trap - ERR DEBUG RETURN
		builtin printf '\0choices\0'
		builtin shopt -p
		builtin printf '\0aliases\0'
		builtin alias -p
		builtin printf '\0umask\0'
		builtin umask
		[ "$PWD" != "$__gatewalk_attempt/gone" ] || PWD=$__gatewalk_directory
		builtin printf '\0status\0%d\0directory\0%s\0previous\0%s' "$1" "$PWD" "${OLDPWD-}"
		__gatewalk_save_names && builtin printf '\0complete\0'
	} 1<>"$__gatewalk_attempt/state"
	return 0 # the commands have ended well, whatever becomes of this
}

# __gatewalk_save_names hands over what has a name, functions and variables. The names go by way of a file: to ask for the variables
# letter by letter, the other way without a fork, costs more than all the rest. The names left out here are left out by the shim as
# well; they are most of what a shell has, and each costs time.
__gatewalk_save_names() {
	local __gatewalk_name __gatewalk_names
	{
		builtin declare -F
		builtin compgen -v || return
		builtin printf 'whole\n'
	} >|"$__gatewalk_attempt/names" || return
	builtin mapfile -t __gatewalk_names <"$__gatewalk_attempt/names"
	[ "${__gatewalk_names[-1]}" = whole ] || return
	unset '__gatewalk_names[-1]'
	for __gatewalk_name in "${__gatewalk_names[@]}"; do
		case $__gatewalk_name in
		*' __gatewalk_'* | __gatewalk_* | BASH* | DIRSTACK | EPOCH* | EUID | FUNCNAME | GROUPS | HOSTTYPE | MACHTYPE) continue ;;
		OPTERR | OPTIND | OSTYPE | PIPESTATUS | PPID | RANDOM | SECONDS | SHELLOPTS | SHLVL | SRANDOM | UID) continue ;;
		*' '*)
			builtin printf '\0function\0%s\0' "$__gatewalk_name"
			builtin declare -f "${__gatewalk_name##* }"
			;;
		*)
			builtin printf '\0variable\0%s\0%s\0' "$__gatewalk_name" "${!__gatewalk_name-}"
			builtin declare -p "$__gatewalk_name"
			;;
		esac
	done
}

# __gatewalk_restored says whether everything the context holds is here again.
__gatewalk_restored() {
	[ "$__gatewalk_complete$__gatewalk_failed" != 1 ] || return 0
	builtin printf 'the variables of earlier steps could not be restored:%s\n' "$__gatewalk_failed" >&2
	return 125
}

# __gatewalk_enter goes where the last attempt was. Where that is gone, relative names must not reach anything else.
__gatewalk_enter() {
	if ! builtin cd -- "$__gatewalk_directory" 2>/dev/null; then
		builtin printf 'the directory %s is gone: starting in an empty one\n' "$__gatewalk_directory" >&2
		builtin cd -- "$__gatewalk_attempt/gone" || return 125
	fi
	if [ -n "$__gatewalk_previous" ]; then OLDPWD=$__gatewalk_previous; else unset OLDPWD; fi
}
