# Ceph, as far as its hosts go.

ceph() {
  case "$*" in
    "orch host ls") _ceph_hosts ;;
    health | "health detail") echo HEALTH_OK ;;
    *) echo "the rehearsal does not know: ceph $*" >&2; return 22 ;;
  esac
}

_ceph_hosts() {
  local name number=0
  printf '%-9s %-13s %-24s %s\n' HOST ADDR LABELS STATUS
  for name in $(_of_role Storage); do
    number=$((number + 1))
    if [ "$number" -gt 1 ] && fault empty-list; then
      continue
    fi
    printf '%-9s %-13s %-24s\n' "$name" "10.252.1.$((number + 10))" "_admin mon mgr osd"
  done
}
