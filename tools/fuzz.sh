# Fuzzing with Jazzer. Sourced by ./posthorn.
# shellcheck shell=bash

fuzz_sources=$here/server/src/test/java/org/posthorn/fuzz

fuzz_targets() {
  local file
  for file in "$fuzz_sources"/*Fuzz.java; do
    [[ -f $file ]] || continue
    file=${file##*/}
    printf '%s\n' "${file%Fuzz.java}"
  done
}

run_fuzz() {
  local name='' seconds=60
  while (($# > 0)); do
    case $1 in
      --list)
        fuzz_targets
        return
        ;;
      --seconds)
        seconds=${2:-}
        shift
        ;;
      --seconds=*) seconds=${1#*=} ;;
      -h | --help)
        usage
        return
        ;;
      -*) fuzz_misused "unknown option '$1'" ;;
      *)
        [[ -z $name ]] || fuzz_misused "one target at a time, not '$name' and '$1'"
        name=$1
        ;;
    esac
    (($# == 0)) || shift
  done
  [[ -n $name ]] || fuzz_misused "which target? ./posthorn fuzz --list names them"
  [[ $seconds =~ ^[1-9][0-9]{0,6}$ ]] || fuzz_misused "--seconds: a whole number of at least 1, not '$seconds'"
  [[ $name =~ ^[A-Za-z0-9]+$ && -f $fuzz_sources/${name}Fuzz.java ]] ||
    fuzz_misused "no target '$name'; ./posthorn fuzz --list names them"
  need_jdk javac
  in_turn build_fuzz
  fuzz "$name" "$seconds"
}

fuzz_misused() {
  say "fuzz: $*"
  exit 2
}

# The test classes and the class path that they need, as long as no source and no pom is newer.
build_fuzz() {
  local built=$target/fuzz.classpath
  if [[ -f $built && -z $(find "$here/pom.xml" "$here/server/pom.xml" "$here/server/src" -newer "$built" \
    -print -quit) ]]; then
    return 0
  fi
  say "building the fuzz targets"
  : >"$built.begun"
  maven -q -pl server test-compile org.apache.maven.plugins:maven-dependency-plugin:build-classpath \
    -Dmdep.outputFile="$built.new" -Dmdep.includeScope=test -Dspotless.check.skip=true 9>&- 1>&2 ||
    die "the build failed"
  # The time of the beginning, as with the program's own stamp.
  touch -r "$built.begun" -- "$built.new"
  mv -- "$built.new" "$built"
  rm -f -- "$built.begun"
}

# What Jazzer finds interesting is kept in target/fuzz/NAME/corpus and taken up again by the next run.
fuzz() {
  local name=$1 seconds=$2 work=$target/fuzz/$1 seeds=$here/server/src/test/resources/fuzz/$1 status=0 found
  local corpora=("$work/corpus")
  mkdir -p -- "$work/corpus" "$work/findings"
  rm -f -- "$work/findings"/*
  [[ ! -d $seeds ]] || corpora+=("$seeds")
  (
    cd -- "$work"
    exec "$java_home/bin/java" -Xmx1g -XX:+UseSerialGC -XX:+EnableDynamicAgentLoading --enable-native-access=ALL-UNNAMED \
      --sun-misc-unsafe-memory-access=allow -cp "$target/test-classes:$target/classes:$(<"$target/fuzz.classpath")" \
      com.code_intelligence.jazzer.Jazzer --target_class="org.posthorn.fuzz.${name}Fuzz" \
      --instrumentation_includes='org.posthorn.**' --reproducer_path="$work/findings" \
      -artifact_prefix="$work/findings/" -max_total_time="$seconds" -timeout=10 -print_final_stats=1 "${corpora[@]}"
  ) >"$work/log" 2>&1 || status=$?
  found=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log" | tail -n 1)
  if ((status == 0)) && [[ -n $found ]]; then
    printf '%s: no finding in %s inputs, %s seconds\n' "$name" "$found" "$seconds"
    return 0
  fi
  grep -n -A 20 -E '^== Java Exception|^== libFuzzer|ERROR: |Exception in thread' "$work/log" | head -n 60 >&2 || true
  printf '%s: FINDING; inputs in %s, log in %s\n' "$name" "$work/findings" "$work/log"
  return 1
}
