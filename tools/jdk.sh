# Finding a JDK, and fetching one. Sourced by ./posthorn.
# shellcheck shell=bash

no_jdk="no JDK $OLDEST_JAVA or newer found: run './posthorn jdk' to download one, or set JAVA_HOME"

# need_jdk java|javac: sets java_home. Where there is none, one is downloaded, so that a first command needs no other before it.
need_jdk() {
  ! find_jdk "$1" || return 0
  say "no JDK $OLDEST_JAVA or newer is here, fetching one (to use another: set JAVA_HOME)"
  # In a shell of its own, which removes what is half done when it ends: this one may become java.
  if (download_jdk) && find_jdk "$1"; then
    return 0
  fi
  die "no JDK $OLDEST_JAVA or newer: $(jdk_remedy)"
}

# What a person can do about it, with the distribution's package where it has one.
jdk_remedy() {
  local package=openjdk-$OLDEST_JAVA-jdk-headless
  if type -P apt-cache >/dev/null && apt-cache policy "$package" 2>/dev/null | grep -q 'Candidate: *[0-9]'; then
    printf "run 'apt-get install %s', or install another and set JAVA_HOME" "$package"
  else
    printf "put one below /usr/lib/jvm or set JAVA_HOME; POSTHORN_JDK_URL names another place to download from"
  fi
}

# Is the folder $1 a JDK of at least OLDEST_JAVA with the tool $2 (java or javac)? Sets java_home and java_build.
# The release file answers without starting a JVM, which would cost 40 ms per candidate.
accept_jdk() {
  local dir=$1 tool=$2 line version='' runtime=''
  [[ -n $dir && -x $dir/bin/java && -x $dir/bin/$tool ]] || return 1
  if [[ -r $dir/release ]]; then
    while IFS= read -r line || [[ -n $line ]]; do
      case $line in
        JAVA_VERSION=*) version=${line#*=} version=${version//\"/} ;;
        JAVA_RUNTIME_VERSION=*) runtime=${line#*=} runtime=${runtime//\"/} ;;
      esac
    done <"$dir/release"
  else
    version=$("$dir/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.version = //p') || version=''
  fi
  local major=${version%%[!0-9]*}
  [[ -n $major ]] && ((10#$major >= OLDEST_JAVA)) || return 1
  java_home=$dir
  java_build=${runtime:-$version}
  java_build=${java_build//[!A-Za-z0-9.+-]/_}
}

# The folder of the java on PATH, through links such as /etc/alternatives; a shim (jenv, asdf) is asked.
jdk_on_path() {
  local found
  found=$(type -P java) || return 0
  found=$(readlink -f -- "$found")
  found=${found%/bin/java}
  if [[ ! -r $found/release ]]; then
    found=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.home = //p') || return 0
  fi
  printf '%s' "$found"
}

# find_jdk java|javac: sets java_home; fails where there is none. The first that is new enough wins, so that an older
# JAVA_HOME or an older default java is passed over. POSTHORN_JAVA_HOME is an order: wrong means an error.
find_jdk() {
  local tool=$1 place dir
  if [[ -n ${POSTHORN_JAVA_HOME:-} ]]; then
    accept_jdk "$POSTHORN_JAVA_HOME" "$tool" && return
    die "POSTHORN_JAVA_HOME=$POSTHORN_JAVA_HOME is not a JDK $OLDEST_JAVA or newer"
  fi
  accept_jdk "${JAVA_HOME:-}" "$tool" && return
  accept_jdk "$(jdk_on_path)" "$tool" && return
  local places=${POSTHORN_JVM_PLACES-/usr/lib/jvm:${SDKMAN_DIR:-${HOME:-/nonexistent}/.sdkman}/candidates/java}
  while IFS= read -r -d : place; do
    for dir in "$place"/*/; do
      accept_jdk "${dir%/}" "$tool" && return
    done
  done <<<"$places:"
  accept_jdk "$cache/jdk" "$tool"
}

# fetch URL FILE
fetch() {
  if type -P curl >/dev/null; then
    # Slow is fine; a server that has fallen silent is not.
    curl --fail --silent --show-error --location --retry 2 --connect-timeout 20 --speed-limit 1 --speed-time 60 \
      --output "$2" -- "$1"
  elif type -P wget >/dev/null; then
    wget --quiet --tries=3 --timeout=20 --output-document="$2" -- "$1"
  else
    die "neither curl nor wget is installed: one of them is needed to download"
  fi
}

# The same for a large file: says how large, and every few seconds how much of it is there.
fetch_shown() {
  local size='' reporter status=0
  if type -P curl >/dev/null; then
    size=$(curl --silent --head --location --connect-timeout 20 --max-time 60 -- "$1" |
      sed -n 's/^[Cc]ontent-[Ll]ength: *\([0-9]*\).*/\1/p') || size=''
    size=${size##*$'\n'}
  fi
  say "downloading $1${size:+ ($(megabytes "$size"))}"
  # The one that reports is in the background, since Ctrl-C must reach the one that downloads.
  report_growth "$2" "$size" &
  reporter=$!
  fetch "$1" "$2" || status=$?
  kill "$reporter" 2>/dev/null || true
  wait "$reporter" 2>/dev/null || true
  return "$status"
}

report_growth() {
  local file=$1 size=$2 launcher=$$ round octets
  for ((round = 0; round < 720; round++)); do
    sleep 5
    kill -0 "$launcher" 2>/dev/null || return 0
    octets=$(find "$file" -printf '%s' 2>/dev/null) || octets=''
    [[ -z $octets ]] || say "  $(megabytes "$octets")${size:+ of $(megabytes "$size")}"
  done
}

megabytes() { printf '%d MB' $((($1 + 500000) / 1000000)); }

sha256_of() {
  local line
  if type -P sha256sum >/dev/null; then
    line=$(sha256sum -- "$1")
  else
    line=$(shasum -a 256 -- "$1")
  fi
  printf '%s' "${line%% *}"
}

jdk_command() {
  case ${1:-} in
    '') download_jdk ;;
    --show)
      find_jdk java || die "$no_jdk"
      printf '%s\n' "$java_home"
      ;;
    -h | --help) usage ;;
    *)
      say "jdk: unknown option '$1'; try: ./posthorn help"
      exit 2
      ;;
  esac
}

# Sets link and checksum of the archive to take. POSTHORN_JDK_URL is either a .tar.gz, with its checksum beside it in
# .tar.gz.sha256.txt as Temurin's releases have it, or a base URL that answers as api.adoptium.net does.
locate_jdk() {
  local scratch=$1 base=${POSTHORN_JDK_URL:-https://api.adoptium.net} arch line
  base=${base%/}
  if [[ $base == *.tar.gz ]]; then
    link=$base
    fetch "$base.sha256.txt" "$scratch/sum" || die "cannot fetch $base.sha256.txt"
    read -r checksum line <"$scratch/sum" || true
  else
    case $(uname -m) in
      x86_64 | amd64) arch=x64 ;;
      aarch64 | arm64) arch=aarch64 ;;
      *) die "there is no Temurin for $(uname -m) that this launcher knows: install a JDK $OLDEST_JAVA by hand" ;;
    esac
    [[ $(uname -s) == Linux ]] || die "only Linux is supported: install a JDK $OLDEST_JAVA by hand"
    line="$base/v3/assets/latest/25/hotspot?architecture=$arch&image_type=jdk&os=linux&vendor=eclipse"
    fetch "$line" "$scratch/assets" || die "cannot ask $base for the newest Temurin 25"
    link=$(grep -o '"link" *: *"[^"]*\.tar\.gz"' "$scratch/assets" | head -n 1) || true
    checksum=$(grep -o '"checksum" *: *"[^"]*"' "$scratch/assets" | head -n 1) || true
    link=${link%\"} link=${link##*\"}
    checksum=${checksum%\"} checksum=${checksum##*\"}
  fi
  [[ -n $link && $checksum =~ ^[0-9a-fA-F]{64}$ ]] || die "$base names no Temurin 25 with a SHA-256 checksum"
  checksum=${checksum,,}
}

# Nothing is unpacked before its checksum is right, and nothing is in place before it is whole.
download_jdk() {
  local link checksum actual scratch unpacked
  mkdir -p -- "$cache" || die "cannot write to $cache"
  scratch=$(mktemp -d -- "$cache/jdk.XXXXXX") || die "cannot write to $cache"
  # shellcheck disable=SC2064 # now, since the name is local
  trap "rm -rf -- '${scratch//\'/\'\\\'\'}'" EXIT
  locate_jdk "$scratch"
  if [[ -r $cache/jdk.sha256 && $(<"$cache/jdk.sha256") == "$checksum" ]] && accept_jdk "$cache/jdk" java; then
    say "the newest is there already: $cache/jdk ($java_build)"
    return
  fi
  fetch_shown "$link" "$scratch/jdk.tar.gz" || die "the download failed; nothing was installed"
  actual=$(sha256_of "$scratch/jdk.tar.gz")
  [[ $actual == "$checksum" ]] ||
    die "wrong checksum, nothing was installed: expected $checksum, the download has $actual"
  mkdir "$scratch/unpacked" || die "cannot write to $cache"
  tar -xzf "$scratch/jdk.tar.gz" -C "$scratch/unpacked" || die "the archive cannot be unpacked; nothing was installed"
  unpacked=''
  for unpacked in "$scratch/unpacked"/*/; do break; done
  accept_jdk "${unpacked%/}" java || die "the archive holds no JDK $OLDEST_JAVA or newer; nothing was installed"
  rm -rf -- "$cache/jdk"
  mv -- "${unpacked%/}" "$cache/jdk" || die "cannot write to $cache"
  printf '%s\n' "$checksum" >"$cache/jdk.sha256"
  say "installed $java_build in $cache/jdk"
}
