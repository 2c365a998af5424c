/**
 * SASL, the server's side: PLAIN (RFC 4616), LOGIN (draft-murchison-sasl-login), SCRAM-SHA-256 and SCRAM-SHA-256-PLUS
 * (RFC 5802, RFC 7677) with the channel bindings tls-exporter (RFC 9266) and tls-server-end-point (RFC 5929 4); names and
 * passwords prepared by SASLprep (RFC 4013).
 *
 * <p>{@link org.posthorn.protocol.sasl.SaslMechanisms} says what to offer and makes a
 * {@link org.posthorn.protocol.sasl.SaslServer} for one exchange, which the session feeds until it succeeds or fails.
 * Who knows the accounts stands behind {@link org.posthorn.protocol.sasl.Authenticator}. Pure: no sockets, no clock;
 * limits on the rate of attempts, delays and the demand for TLS are the session's business.
 *
 * <p>Limits: a response has at most {@value org.posthorn.protocol.sasl.SaslServer#MAX_RESPONSE} octets, a SCRAM exchange
 * three of them. Failure: malformed input ends the exchange with a
 * {@link org.posthorn.protocol.sasl.SaslStep.Failure}; nothing is thrown. An unknown name gives the same challenges and
 * the same failure as a wrong password.
 */
@NullMarked
package org.posthorn.protocol.sasl;

import org.jspecify.annotations.NullMarked;
