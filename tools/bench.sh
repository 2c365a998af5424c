# Running the benchmarks. Sourced by ./posthorn.
# shellcheck shell=bash

# Signatures, verifications and body hashes beside openssl speed, by turns, all on one core.
bench_crypto() {
  local core=${POSTHORN_BENCH_CORE:-1} pin=()
  ! type -P taskset >/dev/null || pin=(taskset -c "$core")
  type -P openssl >/dev/null || die "bench crypto needs openssl"
  exec "${pin[@]}" "$java_home/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
    -cp "bench/target/posthorn-bench.jar" org.posthorn.bench.CryptoSpeed "$@"
}

# bench [--short] [...]: side by side with the real stack; bench micro [JMH OPTIONS]: the hot paths alone.
run_bench() {
  need_jdk javac
  ensure_built
  maven -q -Pbench -pl server,bench package -Dmaven.test.skip=true -Dspotless.check.skip=true 1>&2 ||
    die "the build of the benchmarks failed"
  cd -- "$here"
  if [[ ${1:-} == micro ]]; then
    exec "$java_home/bin/java" --enable-native-access=ALL-UNNAMED -cp "bench/target/posthorn-bench.jar" \
      org.openjdk.jmh.Main "${@:2}"
  fi
  if [[ ${1:-} == crypto ]]; then
    bench_crypto "${@:2}"
    return
  fi
  # The jar was made anew with the same content; what was recorded for a quick start is still good for it.
  ensure_built
  exec "$java_home/bin/java" -Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -jar bench/target/posthorn-bench.jar "$@"
}
