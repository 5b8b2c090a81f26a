# Kubernetes, as far as its nodes and their labels go. A line of /site/labels is: node label

kubectl() {
  case "$1 $2" in
    "label nodes") shift 2; _kubectl_label "$@" ;;
    "get node" | "get nodes") shift 2; _kubectl_nodes "$@" ;;
    *) echo "error: the rehearsal does not know: kubectl $*" >&2; return 1 ;;
  esac
}

_kubectl_label() {
  local node="$1" change
  shift
  for change in "$@"; do
    case "$change" in
      --overwrite) ;;
      *-)
        grep -v "^$node ${change%-}=" /site/labels > /site/labels.new
        mv /site/labels.new /site/labels
        echo "node/$node unlabeled" ;;
      *=*)
        echo "$node $change" >> /site/labels
        echo "node/$node labeled" ;;
      *) echo "error: at least one label update is required" >&2; return 1 ;;
    esac
  done
}

_kubectl_nodes() {
  local headers=yes labels="" unlabelled="" name role
  while [ $# -gt 0 ]; do
    case "$1" in
      --no-headers) headers="" ;;
      --show-labels) labels=yes ;;
      -l) [ "$2" = 'iuf-prevent-rollout!=true' ] || { echo "error: the rehearsal does not know the selector $2" >&2; return 1; }
        unlabelled=yes; shift ;;
      *) echo "error: the rehearsal does not know the flag $1" >&2; return 1 ;;
    esac
    shift
  done
  if [ -n "$headers" ]; then
    printf '%-9s %-7s %-14s %-5s %-8s%s\n' NAME STATUS ROLES AGE VERSION "${labels:+ LABELS}"
  fi
  for name in $(_of_role Master) $(_of_role Worker); do
    if [ -n "$unlabelled" ] && _is_shielded "$name"; then
      continue
    fi
    role="<none>"
    case "$name" in ncn-m*) role=control-plane ;; esac
    printf '%-9s %-7s %-14s %-5s %-8s%s\n' "$name" Ready "$role" 400d v1.24.17 "${labels:+ kubernetes.io/hostname=$name$(_labels_of "$name")}"
  done
}

# _labels_of NODE: each after a comma.
_labels_of() {
  awk -v node="$1" '$1 == node { printf ",%s", $2 }' /site/labels
}

# _is_shielded NODE: whether its label keeps it from being rolled out.
_is_shielded() {
  ! fault canary-in-list && _labels_of "$1" | grep -q iuf-prevent-rollout=true
}

_unlabelled_workers() {
  local name
  for name in $(_of_role Worker); do
    _is_shielded "$name" || echo "$name"
  done
}
