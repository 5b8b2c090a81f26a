# The Cray command line: configuration (cfs) and hardware state (hsm).

cray() {
  local words=() subrole="" format=toml
  while [ $# -gt 0 ]; do
    case "$1" in
      --format) format="$2"; shift ;;
      --subrole) subrole="$2"; shift ;;
      --role | --type) shift ;;
      --*) echo "Error: no such option: $1" >&2; return 2 ;;
      *) words+=("$1") ;;
    esac
    shift
  done
  case "${words[*]}" in
    "cfs components describe "*) _cfs_describe "${words[3]}" "$format" ;;
    "cfs configurations list") _cfs_configurations ;;
    "hsm state components list") _hsm_list "$subrole" ;;
    *) echo "Error: the rehearsal does not know: cray ${words[*]}" >&2; return 2 ;;
  esac
}

_cfs_describe() {
  local xname name role config rest
  read -r xname name role config rest <<< "$(awk -v xname="$1" '$1 == xname' /site/components)"
  if [ -z "$xname" ]; then
    echo "Error: Component $1 could not be found" >&2
    return 1
  fi
  local status errors=0
  status=$(_status "$name")
  [ "$status" = failed ] && errors=3
  if [ "$2" = json ]; then
    jq -n --arg id "$xname" --arg config "$config" --arg status "$status" --argjson errors "$errors" \
      '{id: $id, desiredConfig: $config, configurationStatus: $status, enabled: true, errorCount: $errors, state: [], tags: {}}'
    return
  fi
  cat <<TOML
configurationStatus = "$status"
desiredConfig = "$config"
enabled = true
errorCount = $errors
id = "$xname"
state = []

[tags]
TOML
}

_cfs_configurations() {
  jq -n '[{name: "management-24.3"}, {name: "management-24.11"}, {name: "storage-24.3"}, {name: "storage-24.11"}]'
}

_hsm_list() {
  awk -v role="$1" 'role == "" || $3 == role { print $1, $3 }' /site/components |
    jq -R 'split(" ") | {ID: .[0], Type: "Node", State: "Ready", Role: "Management", SubRole: .[1]}' |
    jq -s '{Components: .}'
}
