# Building where needed, through Maven. Sourced by ./posthorn.
# shellcheck shell=bash

# The stamp bears the time at which the last good build began: what changed during a build is built again.
# Folders count as well: one is newer when a file in it was deleted.
is_built() {
  [[ -f $jar && -f $stamp ]] || return 1
  [[ -z $(find "$here/pom.xml" "$here/server/pom.xml" "$here/server/src/main" -newer "$stamp" -print -quit) ]]
}

ensure_built() {
  if ! is_built; then
    in_turn build
  fi
  if [[ ! $(aot_cache) -nt $jar && -w $target ]]; then
    in_turn train
  fi
}

# Runs $1 while no other launcher builds in this checkout.
in_turn() {
  mkdir -p -- "$target" || die "cannot build: $target is not writable"
  if type -P flock >/dev/null; then
    {
      flock 9
      "$@"
    } 9>"$target/posthorn.lock"
  else
    "$@"
  fi
}

build() {
  ! is_built || return 0
  say "building (a minute or two where the libraries are not there yet)"
  begin_stamp
  maven -q -pl server -am package -Dmaven.test.skip=true -Dspotless.check.skip=true 9>&- 1>&2 ||
    die "the build failed"
  end_stamp
}

begin_stamp() {
  mkdir -p -- "$target"
  : >"$stamp.begun"
}

end_stamp() {
  mv -- "$stamp.begun" "$stamp"
}

# The AOT cache belongs to one JDK build and one jar; an empty file says that this JDK could not make one.
aot_cache() {
  printf '%s' "$target/posthorn-$java_build.aot"
}

# Records which classes a start needs, on a short run that starts and stops every part.
train() {
  local aot scratch
  aot=$(aot_cache)
  [[ ! $aot -nt $jar ]] || return 0
  say "recording what start-up needs"
  scratch=$(mktemp -d) || return 0
  rm -f -- "$target"/posthorn-*.aot
  jvm_flags
  if ! timeout 240 "$java_home/bin/java" "${flags[@]}" -XX:AOTCacheOutput="$scratch/cache.aot" -jar "$jar" \
    aot-train "$scratch/run" >"$target/aot-train.log" 2>&1 9>&- || [[ ! -s $scratch/cache.aot ]]; then
    # The reason is in the log; the program runs as well without, only starts more slowly.
    : >"$scratch/cache.aot"
  fi
  mv -- "$scratch/cache.aot" "$aot"
  # The program keeps its files to their owner; this one is for whoever runs the checkout.
  chmod 644 -- "$aot"
  touch -- "$aot"
  rm -rf -- "$scratch"
}

# Maven: the wrapper's if it is there, else a new enough mvn on PATH, else the wrapper downloads its own. The middle
# step is for machines that reach a mirror of the libraries but not Apache's archive (docs/decisions/0010).
# maven_seconds, where it is set, ends a run that takes longer, with status 124.
maven() {
  local command cached=no dist
  local -a bound=()
  [[ -z ${maven_seconds:-} ]] || bound=(timeout "$maven_seconds")
  need_jdk javac
  for dist in "${MAVEN_USER_HOME:-${HOME:-/nonexistent}/.m2}"/wrapper/dists/"$(wrapped_maven)"/*/bin/mvn; do
    [[ ! -x $dist ]] || cached=yes
  done
  if [[ $cached == no ]] && mvn_on_path; then
    command=mvn
  else
    command=$here/mvnw
  fi
  (
    cd -- "$here"
    export JAVA_HOME=$java_home
    # Java takes the home from the account, which for the likes of nobody does not exist, and not from HOME. Without the
    # other two, libraries of Maven itself warn about their use of sun.misc.Unsafe.
    export MAVEN_OPTS="${HOME:+-Duser.home=$HOME} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}"
    exec "${bound[@]}" "$command" -B -ntp -Dstyle.color=never "$@"
  )
}

# apache-maven-VERSION, from the wrapper's properties.
wrapped_maven() {
  local key value
  while IFS='=' read -r key value; do
    if [[ $key == distributionUrl ]]; then
      value=${value##*/}
      printf '%s' "${value%-bin.zip}"
    fi
  done <"$here/.mvn/wrapper/maven-wrapper.properties"
}

# Is there an mvn of at least 3.8.6, the oldest that the build's plugins accept?
mvn_on_path() {
  local version
  type -P mvn >/dev/null || return 1
  version=$(JAVA_HOME=$java_home mvn -Dstyle.color=never -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p')
  [[ -n $version && $(printf '%s\n' 3.8.6 "$version" | sort -V | head -n 1) == 3.8.6 ]]
}
