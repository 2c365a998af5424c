package org.posthorn.client.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.log.MailLog;
import org.posthorn.testing.FakeSmtpServer;
import org.posthorn.testing.SelfSigned;

/** What is told of certificates where they are demanded: RFC 8460 4.3. */
@Timeout(60)
class TlsOutcomeTest {
    private static final String OFFER =
            "S: 220 mx ESMTP\nC: EHLO us.example\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nTLS\n";

    private static List<TlsOutcome.Reason> demand(String host, SSLContext context) throws Exception {
        List<TlsOutcome> told = new ArrayList<>();
        try (FakeSmtpServer server = new FakeSmtpServer(OFFER)) {
            SmtpClientSettings settings = new SmtpClientSettings(
                    "us.example",
                    Optional.empty(),
                    new TlsMode.Required(context),
                    Optional.empty(),
                    SmtpTimeouts.all(Duration.ofSeconds(20)));
            assertThatThrownBy(() -> SmtpClientConnection.open(
                                    new SmtpHost(host, server.address(), server.port()),
                                    settings,
                                    told::add,
                                    MailLog.none())
                            .close())
                    .isInstanceOf(SmtpSessionException.class);
        }
        return told.stream()
                .flatMap(outcome -> outcome.failure().stream())
                .map(TlsOutcome.Failure::reason)
                .toList();
    }

    @Test
    void tellsAnotherHostsCertificateFromOneThatNobodyVouchesFor() throws Exception {
        assertThat(demand("other.example", SelfSigned.shared().client()))
                .containsExactly(TlsOutcome.Reason.CERTIFICATE_HOST_MISMATCH);
        assertThat(demand("localhost", SSLContext.getDefault()))
                .containsExactly(TlsOutcome.Reason.CERTIFICATE_NOT_TRUSTED);
    }

    @Test
    void findsThatACertificateHasExpiredBelowOtherCauses() {
        SSLHandshakeException handshake = new SSLHandshakeException("PKIX path validation failed");
        var _ = handshake.initCause(new CertPathValidatorException(
                "validity check failed", new CertificateExpiredException("NotAfter: yesterday")));
        TlsOutcome outcome = TlsOutcome.failed(InetAddress.getLoopbackAddress(), handshake);
        assertThat(outcome.failure())
                .contains(new TlsOutcome.Failure(TlsOutcome.Reason.CERTIFICATE_EXPIRED, "PKIX path validation failed"));
    }

    @Test
    void keepsWordsOfOthersShortAndOnOneLine() {
        TlsOutcome.Failure failure =
                new TlsOutcome.Failure(TlsOutcome.Reason.VALIDATION_FAILURE, "a\r\nb\u0007é" + "x".repeat(500));
        assertThat(failure.words()).startsWith("a b x").hasSize(TlsOutcome.Failure.MAX_WORDS);
        assertThat(failure.reason().word()).isEqualTo("validation-failure");
    }
}
