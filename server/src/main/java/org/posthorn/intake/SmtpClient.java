package org.posthorn.intake;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;

/**
 * Who sends, as far as the session knows at MAIL FROM.
 *
 * @param session id of the session, for the log
 * @param helo the argument of EHLO or HELO (or LHLO), syntactically valid, "" when none was sent
 * @param protocol for the Received header: SMTP, ESMTP, ESMTPS, ESMTPA, ESMTPSA, UTF8SMTPS ... (RFC 3848, RFC 6531)
 * @param tls protocol and cipher suite, e.g. {@code TLSv1.3 TLS_AES_256_GCM_SHA384}
 * @param account the authenticated account
 */
public record SmtpClient(
        String session,
        InetSocketAddress remote,
        InetSocketAddress local,
        String helo,
        String protocol,
        Optional<String> tls,
        Optional<Address> account) {
    /**
     * As the log names it: {@code client=NAME[ADDRESS], sasl_username=ACCOUNT, session=ID}.
     *
     * @param name of its address, from DNS; {@code unknown} where there is none
     */
    public String logText(String name) {
        return "client=" + MailLog.safe(name) + "[" + remote.getAddress().getHostAddress() + "]"
                + account.map(user -> ", sasl_username=" + MailLog.safe(user.toString()))
                        .orElse("")
                + ", session=" + session;
    }
}
