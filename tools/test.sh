# Running the tests. Sourced by ./posthorn.
# shellcheck shell=bash

run_tests() {
  local status=0 module=server
  case ${1:-} in
    -h | --help)
      usage
      return
      ;;
    --interop)
      module=interop
      shift
      ;;
  esac
  need_jdk javac
  rm -rf -- "$here/$module/target/surefire-reports"
  if [[ $module == interop ]]; then
    # Black boxes: they need the built program, and none of its classes.
    ensure_built
    maven -Pinterop -pl interop verify "$@" || status=$?
  else
    in_turn verify "$@" || status=$?
  fi
  "$here/tools/test-report" "$here/$module/target/surefire-reports" || status=1
  return "$status"
}

# The whole build with all its checks. It makes the jar as well, so what train recorded is made anew.
verify() {
  begin_stamp
  maven verify "$@" 9>&- || return
  end_stamp
  train
}
