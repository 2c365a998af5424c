# A newcomer's machine: the README's two commands in a fresh Debian with git, curl and ca-certificates alone. Sourced by prove.sh.
# shellcheck shell=bash

# bare [--suite NAME] [--pack-jdk] [--demo-only]
prove_bare() {
  local suite=bookworm pack=no commands=(demo test) root
  while (($# > 0)); do
    case $1 in
      --suite)
        suite=${2:-}
        shift
        ;;
      --pack-jdk) pack=yes ;;
      --demo-only) commands=(demo) ;;
      *) prove_misused "bare: unknown option '$1'" ;;
    esac
    (($# == 0)) || shift
  done
  [[ $suite =~ ^[a-z]+$ ]] || prove_misused "--suite: a release of Debian, bookworm say, not '$suite'"
  [[ $(id -u) == 0 ]] || die "prove bare makes a root of another Debian: only root can"
  type -P debootstrap >/dev/null || die "prove bare needs debootstrap: apt-get install debootstrap"
  [[ -z $(git -C "$here" status --porcelain) ]] || say "prove bare: what is not committed is not in the clone"
  root=$(mktemp -d) || die "no room for a root"
  # shellcheck disable=SC2064 # now, since the name is local
  trap "rm -rf --one-file-system -- '$root'" EXIT
  say "making a Debian $suite (a minute or two)"
  debootstrap --variant=minbase --include=git,curl,ca-certificates "$suite" "$root" >"$root.log" 2>&1 ||
    die "no Debian $suite; the log is $root.log"
  rm -f -- "$root.log"
  cp /etc/resolv.conf "$root/etc/"
  # A machine may reach the world through an authority of its own.
  cp -- "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$root/etc/ssl/certs/ca-certificates.crt"
  git clone --quiet --no-hardlinks -- "$here" "$root/home/posthorn" || die "the clone failed"
  [[ $pack == no ]] || pack_jdk "$root/opt"
  newcomer_script >"$root/opt/newcomer"
  # In a mount namespace of its own, so that nothing stays mounted whatever happens; on the ports of the demo.
  unshare --mount bash -c "mount --bind /proc '$root/proc' && mount --bind /dev '$root/dev' &&
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root timeout 2400 chroot '$root' bash /opt/newcomer ${commands[*]}"
}

# This machine's JDK, for where Temurin's site cannot be reached; links to the machine's certificates are followed.
pack_jdk() {
  find_jdk javac || die "no JDK to pack"
  tar -czhf "$1/jdk.tar.gz" -C "${java_home%/*}" "${java_home##*/}" || die "the JDK could not be packed"
  printf '%s  jdk.tar.gz\n' "$(sha256_of "$1/jdk.tar.gz")" >"$1/jdk.tar.gz.sha256.txt"
}

newcomer_script() {
  cat <<'TEXT'
cd /home/posthorn || exit 1
[[ ! -e /opt/jdk.tar.gz ]] || export POSTHORN_JDK_URL=file:///opt/jdk.tar.gz
status=0
demo() {
  local server begun=$SECONDS round
  ./posthorn demo >/opt/demo.out 2>&1 &
  server=$!
  for ((round = 0; round < 900; round++)); do
    grep -q 'is ready' /opt/demo.out && break
    kill -0 "$server" 2>/dev/null || break
    sleep 1
  done
  cat /opt/demo.out
  grep -q 'is ready' /opt/demo.out || return 1
  printf 'demo: ready after %d s, from nothing\n' $((SECONDS - begun))
  kill -TERM "$server"
  wait "$server" || return 1
  printf 'demo: TERM ends it with 0\n'
}
for command in "$@"; do
  case $command in
    demo) demo || status=1 ;;
    test) ./posthorn test >/opt/test.out 2>&1 || status=1; tail -n 3 /opt/test.out ;;
  esac
done
printf 'downloaded: %s MB of libraries\n' "$(du -sm ~/.m2 | cut -f 1)"
exit "$status"
TEXT
}
