/**
 * Black-box tests over the wire: Posthorn, started by its launcher, with real peers on the other side: Postfix, Dovecot, OpenDKIM and
 * Knot (interop/peers/peers.sh), and the mail programs that people use. Need Debian, root and the packages that
 * {@code .ci/run} installs; a test whose program is missing is skipped by its name, in CI it fails.
 */
@org.jspecify.annotations.NullMarked
package org.posthorn.interop;
