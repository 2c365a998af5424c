# Many IMAP clients and another program at one account, as imaptest does it. Sourced by prove.sh.
# shellcheck shell=bash

# stress [--minutes N] [--sessions N] [--seed N] [--alone]
prove_stress() {
  local minutes=2 sessions=10 seed=$RANDOM alone=no option
  while (($# > 0)); do
    case $1 in
      --minutes | --sessions | --seed)
        option=${1#--}
        [[ ${2:-} =~ ^[1-9][0-9]{0,3}$ ]] || prove_misused "$1: a whole number of 1 to 9999, not '${2:-}'"
        printf -v "$option" %s "$2"
        shift
        ;;
      --alone) alone=yes ;;
      *) prove_misused "stress: unknown option '$1'" ;;
    esac
    shift
  done
  need_jdk javac
  ensure_built
  stress "$minutes" "$sessions" "$seed" "$alone"
}

# Against a demo of its own, on the demo's ports.
stress() {
  local minutes=$1 sessions=$2 seed=$3 alone=$4 classes=$target/stress data server maildir='-' status=0
  mkdir -p -- "$classes"
  "$java_home/bin/javac" -nowarn -d "$classes" "$here"/server/src/test/java/org/posthorn/stress/*.java ||
    die "the stress was not compiled"
  data=$(mktemp -d) || die "no room for a data directory"
  "$here/posthorn" demo --dir "$data/demo" --users 3 >"$data/out" 2>&1 &
  server=$!
  # shellcheck disable=SC2064 # now, since the names are local
  trap "kill $server 2>/dev/null || true; wait $server 2>/dev/null || true; rm -rf --one-file-system -- '$data'" EXIT
  stress_awaits "$server" "$data/out"
  [[ $alone == yes ]] || maildir=$data/demo/mail/user1@posthorn.test/Maildir
  say "$sessions sessions for $minutes minutes, seed $seed"
  "$java_home/bin/java" -Xmx256m -XX:+UseSerialGC -cp "$classes" org.posthorn.stress.Stress 127.0.0.1 2143 \
    user1@posthorn.test secret-1 "$maildir" "$sessions" $((minutes * 60)) "$seed" || status=$?
  if grep -E ' (error|warning): ' "$data/demo/log/mail.log" >&2; then
    say "prove: the server complained"
    status=1
  fi
  return "$status"
}

stress_awaits() {
  local server=$1 out=$2 i
  for ((i = 0; i < 600; i++)); do
    ! grep -q 'is ready' "$out" || return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.2
  done
  cat -- "$out" >&2
  die "the demo did not start; do its ports belong to another one?"
}
