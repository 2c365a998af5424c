package org.posthorn.protocol.dsn;

import java.util.Optional;
import org.posthorn.mail.Address;
import org.posthorn.protocol.smtp.EnhancedStatus;

/**
 * What became of one recipient (RFC 3464 2.3).
 *
 * @param remoteMta the server that was talked to, as {@code host}; empty when there was none
 * @param diagnostic the server's reply ({@code fromServer}) or our own words
 */
public record RecipientStatus(
        Address recipient, EnhancedStatus status, Optional<String> remoteMta, String diagnostic, boolean fromServer) {}
