# The Install and Upgrade Framework, as far as a rollout needs it.

iuf() {
  local activity media_host stage limit=() reading=""
  while [ $# -gt 0 ]; do
    case "$1" in
      -a) activity="$2"; shift ;;
      --media-host) media_host="$2"; shift ;;
      -r) stage="$2"; shift ;;
      --limit-management-rollout) reading=yes ;;
      run) ;;
      list-stages) stage=list ;;
      -*) _iuf_usage "unrecognized arguments: $1"; return 2 ;;
      *) [ -n "$reading" ] || { _iuf_usage "invalid choice: '$1'"; return 2; }
        limit+=("$1") ;;
    esac
    shift
  done
  [ -n "$activity" ] || { _iuf_usage "argument -a/--activity: expected one argument"; return 2; }
  case "$stage" in
    list) _iuf_stages "$activity" ;;
    management-nodes-rollout)
      [ "${#limit[@]}" -gt 0 ] || { _iuf_usage "argument --limit-management-rollout: expected at least one argument"; return 2; }
      _iuf_rollout "$activity" "${limit[@]}" ;;
    *) _iuf_usage "the rehearsal knows the stage management-nodes-rollout only"; return 2 ;;
  esac
}

_iuf_usage() {
  echo "usage: iuf -a ACTIVITY [--media-host HOST] run -r STAGE --limit-management-rollout NODE..." >&2
  echo "iuf: error: $1" >&2
}

_iuf_stages() {
  echo "Activity: $1"
  echo "Stage                        Status"
  for stage in process-media pre-install-check deliver-product update-vcs-config update-cfs-config prepare-images; do
    printf '%-28s %s\n' "$stage" Succeeded
  done
  printf '%-28s %s\n' management-nodes-rollout "$(cat /site/stage 2>/dev/null || echo 'Not started')"
}

_iuf_rollout() {
  local activity="$1" node nodes=()
  shift
  for node in "$@"; do
    case "$node" in
      Management_Worker) nodes+=($(_unlabelled_workers)) ;;
      *) nodes+=("$node") ;;
    esac
  done
  _iuf_check "${nodes[@]}" || return 1
  _iuf_says "activity $activity: stage management-nodes-rollout begins on ${nodes[*]}"
  echo "In progress" > /site/stage
  for node in "${nodes[@]}"; do
    _rollout_one "$node"
  done
  _iuf_says "activity $activity: stage management-nodes-rollout has succeeded"
}

_iuf_check() {
  local node
  for node in "$@"; do
    if [ -z "$(_node "$node")" ]; then
      echo "ERROR: $node is not a management node of this system" >&2
      return 1
    fi
    if [ "$node" = "$(hostname)" ]; then
      echo "ERROR: $node cannot be rebuilt from itself; run this on another master with --media-host" >&2
      return 1
    fi
  done
}

_iuf_says() {
  echo "$(date +%T) INFO $*"
}

# _rollout_one NODE: about twenty minutes.
_rollout_one() {
  _iuf_says "$1: Argo workflow ncn-lifecycle-rebuild-$1 started"
  sleep 90
  case "$1" in
    ncn-s*) _iuf_says "$1: ceph daemons stopped, OSDs kept" ;;
    ncn-w*) _iuf_says "$1: cordoned and drained" ;;
    ncn-m*) _iuf_says "$1: removed from the etcd cluster" ;;
  esac
  sleep 150
  _iuf_says "$1: power off, boot image set, power on"
  sleep 600
  _iuf_says "$1: booted the new image"
  sleep 240
  case "$1" in
    ncn-s*) _iuf_says "$1: ceph daemons running, HEALTH_OK" ;;
    *) _iuf_says "$1: joined kubernetes" ;;
  esac
  _rebuilt "$1"
  _iuf_says "$1: rebuilt; its configuration is pending"
}
