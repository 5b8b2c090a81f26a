# The scripts that come with the CSM documentation.

/usr/share/doc/csm/scripts/operations/configuration/apply_csm_configuration.sh() {
  local config="" xnames="" xname name
  while [ $# -gt 0 ]; do
    case "$1" in
      --config-name) config="$2"; shift ;;
      --xnames) xnames="$2"; shift ;;
    esac
    shift
  done
  if [ -z "$config" ] || [ -z "$xnames" ]; then
    echo "ERROR: --config-name and --xnames are needed" >&2
    return 1
  fi
  if ! _cfs_configurations | jq -e --arg name "$config" 'any(.[]; .name == $name)' > /dev/null; then
    echo "ERROR: there is no configuration $config" >&2
    return 1
  fi
  for xname in ${xnames//,/ }; do
    name=$(awk -v xname="$xname" '$1 == xname { print $2 }' /site/components)
    [ -n "$name" ] || { echo "ERROR: no component $xname" >&2; return 1; }
    _change "$name" "$config" configured
  done
  echo "All components updated successfully."
}

/usr/share/doc/csm/upgrade/scripts/upgrade/ncn-upgrade-master-nodes.sh() {
  _iuf_check "$1" || return 1
  _rollout_one "$1"
  echo "$(date +%T) ncn-upgrade-master-nodes.sh: $1 has been upgraded"
}

/usr/share/doc/csm/workflows/scripts/upload-rebuild-templates.sh() {
  local template
  for template in storage worker master; do
    echo "workflowtemplate.argoproj.io/$template-rebuild configured"
    sleep 5
  done
}
