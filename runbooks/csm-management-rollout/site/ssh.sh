# Every management node answers, and runs what it is told.

ssh() {
  local host="$1"
  shift
  if [ -z "$(_node "$host")" ]; then
    echo "ssh: Could not resolve hostname $host: Name or service not known" >&2
    return 255
  fi
  if [ $# -eq 0 ]; then
    echo "ssh: the rehearsal has no interactive logins; give a command" >&2
    return 255
  fi
  on "$host" "$@"
}
