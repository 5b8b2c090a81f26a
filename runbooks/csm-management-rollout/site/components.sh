# What the site knows of its nodes. A line of /site/components is: xname name role configuration status since
# The status is what the rollout promised; "pending" and "failing" become "configured" and "failed" a while after since.

_begin() {
  while read -r xname name role rest; do
    on "$name" "mkdir -p /etc/cray; echo $xname > /etc/cray/xname"
  done < /site/components
}

# _node NAME: the fields of a node.
_node() {
  awk -v name="$1" '$2 == name' /site/components
}

# _of_role ROLE: the names of its nodes.
_of_role() {
  awk -v role="$1" '$3 == role { print $2 }' /site/components
}

# _change NAME CONFIGURATION STATUS: written down with the time.
_change() {
  awk -v name="$1" -v config="$2" -v status="$3" -v now="$(date +%s)" '
    $2 == name { $4 = config; $5 = status; $6 = now }
    { print }' /site/components > /site/components.new
  mv /site/components.new /site/components
}

# _status NAME: as it is by now. A configuration takes four minutes.
_status() {
  _node "$1" | awk -v now="$(date +%s)" '
    now - $6 < 240 && $5 == "failing" { print "pending"; next }
    now - $6 < 240 { print $5; next }
    $5 == "pending" { print "configured"; next }
    $5 == "failing" { print "failed"; next }
    { print $5 }'
}

# _is_canary NAME: whether it is the first of its role to be rolled out.
_is_canary() {
  local role rolled
  role=$(_node "$1" | awk '{ print $3 }')
  rolled=$(awk -v role="$role" -v name="$1" '$3 == role && $2 != name && $4 ~ /24\.11$/' /site/components | wc -l)
  [ "$rolled" -eq 0 ] && [ "$role" != Master ]
}

# _rebuilt NAME: it has booted the new image and is about to be configured.
_rebuilt() {
  local status=pending family=management
  case "$1" in ncn-s*) family=storage ;; esac
  if fault canary-fails && _is_canary "$1"; then
    status=failing
  fi
  _change "$1" "$family-24.11" "$status"
}
