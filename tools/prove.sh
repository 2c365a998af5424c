# What the tests are worth: stages that take too long for every build. Sourced by ./posthorn.
# shellcheck shell=bash

readonly MUTATION_FLOOR=85

# Packages whose tests count for another one: what is heard only in a session is tried there. docs/testing.md has the same table.
declare -rA MUTATION_CONSUMERS=(
  [intake.authentication]='intake.inbound'
  [protocol.smtp]='server.smtp client.smtp'
)

prove_stages() {
  cat <<'TEXT'
mutation PACKAGE [--class NAME] [--minutes N] [--again]
    breaks each class of the package (protocol.spf, say) and of those below it in many small ways with PIT, and runs
    the package's own tests on each, with those of the few packages that stand for it (docs/testing.md); fails where
    the tests notice fewer than 85 % of them
bare [--suite NAME] [--pack-jdk] [--demo-only]
    the README's two commands in a fresh Debian (bookworm) with git, curl and ca-certificates alone and an empty home; needs
    root and debootstrap. --pack-jdk: with this machine's JDK, where the download's site is out of reach
stress [--minutes N] [--sessions N] [--seed N] [--alone]
    many IMAP clients at one account, who do whatever comes into their minds, and another program that renames, moves and
    removes the Maildir's files beside them (not with --alone); fails where the server contradicts itself, refuses what it
    should not, loses a flag, hangs, or logs an error. On the demo's ports
TEXT
}

run_prove() {
  case ${1:-} in
    --list) prove_stages ;;
    -h | --help) usage ;;
    mutation) prove_mutation "${@:2}" ;;
    bare)
      # shellcheck source=tools/prove-bare.sh
      source "$here/tools/prove-bare.sh"
      prove_bare "${@:2}"
      ;;
    stress)
      # shellcheck source=tools/prove-stress.sh
      source "$here/tools/prove-stress.sh"
      prove_stress "${@:2}"
      ;;
    '') prove_misused "which stage? ./posthorn prove --list names them" ;;
    *) prove_misused "no stage '$1'; ./posthorn prove --list names them" ;;
  esac
}

prove_misused() {
  say "prove: $*"
  exit 2
}

prove_mutation() {
  local package='' class='*' minutes=60 again=no
  while (($# > 0)); do
    case $1 in
      --class)
        class=${2:-}
        shift
        ;;
      --minutes)
        minutes=${2:-}
        shift
        ;;
      --again) again=yes ;;
      -*) prove_misused "unknown option '$1'" ;;
      *)
        [[ -z $package ]] || prove_misused "one package at a time, not '$package' and '$1'"
        package=$1
        ;;
    esac
    (($# == 0)) || shift
  done
  [[ -n $package ]] || prove_misused "mutation of which package? protocol.spf, say"
  [[ $minutes =~ ^[1-9][0-9]{0,3}$ ]] || prove_misused "--minutes: a whole number of at least 1, not '$minutes'"
  [[ $class == '*' || $class =~ ^[A-Z][A-Za-z0-9]*$ ]] || prove_misused "--class: the name of a class, not '$class'"
  [[ $package =~ ^[a-z0-9]+(\.[a-z0-9]+)*$ && -d $here/server/src/main/java/org/posthorn/${package//.//} ]] ||
    prove_misused "no package '$package' below org.posthorn"
  [[ $class == '*' || -f $here/server/src/main/java/org/posthorn/${package//.//}/$class.java ]] ||
    prove_misused "no class '$class' in $package"
  need_jdk javac
  in_turn mutate "$package" "$class" "$minutes" "$again"
}

# A report that is newer than every source is told again: PIT itself keeps nothing from run to run (docs/decisions/0188).
mutate() {
  local package=$1 class=$2 minutes=$3 again=$4 work=$target/mutation/$1 report consumer status=0
  local tests="org.posthorn.$package.*"
  for consumer in ${MUTATION_CONSUMERS[$package]:-}; do
    tests+=",org.posthorn.$consumer.*"
  done
  [[ $class == '*' ]] || work+=-$class
  report=$work/mutations.csv
  if [[ $again == no && -s $report && -z $(find "$here/pom.xml" "$here/server/pom.xml" "$here/server/src" \
    -newer "$report" -print -quit) ]]; then
    mutation_report "$report"
    return
  fi
  mkdir -p -- "$work"
  rm -f -- "$report"
  : >"$work/begun"
  say "mutating $package for at most $minutes minutes; log in $work/log"
  maven_seconds=$((minutes * 60)) MAVEN_OPTS="-Xmx1g ${MAVEN_OPTS:-}" maven -Pmutation -pl server test-compile \
    org.pitest:pitest-maven:mutationCoverage -Dspotless.check.skip=true \
    -Dmutation.classes="org.posthorn.$package.$class" -Dmutation.tests="$tests" \
    -Dmutation.report="$work" >"$work/log" 2>&1 9>&- || status=$?
  if ((status != 0)) || [[ ! -s $report ]]; then
    rm -f -- "$report"
    grep -n -m 20 'ERROR' "$work/log" >&2 || true
    ! grep -q 'did not pass without mutation' "$work/log" ||
      say "prove: a test that fails or is skipped is no measure: test vectors belong in ${POSTHORN_CONFORMANCE:-$here/../shared/conformance}"
    ((status != 124)) || say "prove: the $minutes minutes were not enough; --minutes N or --class NAME"
    die "no figures for $package; the log is $work/log"
  fi
  touch -r "$work/begun" -- "$report"
  mutation_report "$report"
}

# Columns of PIT's report: file, class, mutator, method, line, outcome, test.
mutation_report() {
  awk -F, -v floor="$MUTATION_FLOOR" '
    {
      class = $2
      sub(/^.*\./, "", class)
      sub(/\$.*/, "", class)
      noticed = $6 == "KILLED" || $6 == "TIMED_OUT" || $6 == "MEMORY_ERROR" || $6 == "RUN_ERROR"
      if (!(class in all)) names[++count] = class
      all[class]++
      mutants++
      if (noticed) { killed[class]++; found++ }
      else { mutator = $3; sub(/^.*\./, "", mutator); left[++survivors] = $1 ":" $5 " " $4 " " mutator " " $6 }
    }
    END {
      if (mutants == 0) { print "nothing to mutate"; exit 1 }
      for (i = 1; i <= survivors; i++) print left[i]
      for (i = 1; i <= count; i++) {
        c = names[i]
        printf "%-32s %4d killed %4d survived\n", c, killed[c], all[c] - killed[c]
      }
      percent = 100 * found / mutants
      printf "%d of %d mutants killed: %.1f %%, at least %d %% asked\n", found, mutants, percent, floor
      exit percent < floor
    }
  ' "$1"
}
