package org.posthorn.protocol.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.testing.Keys;

class ChannelBindingsTest {
    /** Made with {@code openssl req -x509 -newkey ec -sha384}. */
    private static final String P256_SHA384 = """
            -----BEGIN CERTIFICATE-----
            MIIBjTCCATOgAwIBAgIUNxBgJ/w7V4uO07a/qnnUFn7VdS8wCgYIKoZIzj0EAwMw
            GzEZMBcGA1UEAwwQbXgucG9zdGhvcm4udGVzdDAgFw0yNjExMjMyMTE1MTVaGA8y
            MTI2MTAzMDIxMTUxNVowGzEZMBcGA1UEAwwQbXgucG9zdGhvcm4udGVzdDBZMBMG
            ByqGSM49AgEGCCqGSM49AwEHA0IABKdIQ0P4yAF2qsUnax6ZaSs7fcKe2j5GNmff
            8crqWnx5uHhq31W3qYu9omlMb6/H8fk6al5nK+upYHBRKPAGG6mjUzBRMB0GA1Ud
            DgQWBBQzum6ZD1UeaE/MMVvC+Rp2aozX0TAfBgNVHSMEGDAWgBQzum6ZD1UeaE/M
            MVvC+Rp2aozX0TAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMDA0gAMEUCIQCJ
            +bEv1F++Oh554wv6bjHOVBwRAp9cGe4DJ6R4UZz4twIgeJ/cMkru1/e6lynpxZ8j
            xJf6MHDfA1sErdgovB/m1p0=
            -----END CERTIFICATE-----""";

    /** Made with {@code openssl req -x509 -newkey ed25519}. */
    private static final String ED25519 = """
            -----BEGIN CERTIFICATE-----
            MIIBTDCB/6ADAgECAhRutlTzfWFS9MvyTAGu7kP4iTy/CjAFBgMrZXAwGzEZMBcG
            A1UEAwwQbXgucG9zdGhvcm4udGVzdDAgFw0yNjExMjMyMTE1MTVaGA8yMTI2MTAz
            MDIxMTUxNVowGzEZMBcGA1UEAwwQbXgucG9zdGhvcm4udGVzdDAqMAUGAytlcAMh
            ALeA4TVgn0stdl+5PDwq+h0qd18HAAmqjvmrHi1ZpG1ko1MwUTAdBgNVHQ4EFgQU
            OMMWO2pkHSUVjtustGS0ViQiMM4wHwYDVR0jBBgwFoAUOMMWO2pkHSUVjtustGS0
            ViQiMM4wDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQDiITTes4JP0OW9RoTSpgxo
            VgU6D+hmdEesX2HmSFBBaaf734iGcyBqUAmCmiPy5UqzO1boFW1M8zEF90wr7v0F
            -----END CERTIFICATE-----""";

    @Test
    void hashesCertificateByItsSignaturesHash() throws Exception {
        Certificate certificate = certificate(P256_SHA384);
        ChannelBindings bindings = ChannelBindings.of(Optional.empty(), Optional.of(certificate));
        assertThat(bindings.isEmpty()).isFalse();
        assertThat(bindings.data("tls-server-end-point").orElseThrow())
                .isEqualTo(MessageDigest.getInstance("SHA-384").digest(certificate.getEncoded()));
        assertThat(bindings.data("tls-exporter")).isEmpty();
    }

    @Test
    void leavesUndefinedHashAlone() throws Exception {
        assertThat(ChannelBindings.of(Optional.empty(), Optional.of(certificate(ED25519))))
                .isSameAs(ChannelBindings.NONE);
    }

    private static Certificate certificate(String pem) throws Exception {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    /** RFC 5929 4.1: SHA-256 stands in for what is weaker. */
    @ParameterizedTest
    @CsvSource({
        "SHA1withRSA, SHA-256",
        "MD5withRSA, SHA-256",
        "SHA224withRSA, SHA-224",
        "SHA256withRSA, SHA-256",
        "SHA384withRSA, SHA-384",
        "SHA512withRSA, SHA-512"
    })
    @SuppressWarnings("JavaUtilDate") // the certificate builder takes no other
    void theHashIsThatOfTheSignatureOrSha256(String signature, String hash) throws Exception {
        X500Name name = new X500Name("CN=mx.posthorn.test");
        Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name, BigInteger.ONE, new Date(0), new Date(1), name, Keys.RSA.getPublic())
                        .build(new JcaContentSignerBuilder(signature).build(Keys.RSA.getPrivate())));
        assertThat(ChannelBindings.of(Optional.empty(), Optional.of(certificate))
                        .data("tls-server-end-point")
                        .orElseThrow())
                .isEqualTo(MessageDigest.getInstance(hash).digest(certificate.getEncoded()));
    }

    @Test
    void takesWhatWasExported() {
        ChannelBindings bindings = ChannelBindings.of(Optional.of(new byte[] {1, 2}), Optional.empty());
        assertThat(bindings.isEmpty()).isFalse();
        assertThat(bindings.data("tls-exporter")).contains(new byte[] {1, 2});
        assertThat(bindings.data("tls-server-end-point")).isEmpty();
        assertThat(ChannelBindings.NONE.isEmpty()).isTrue();
    }
}
