package org.posthorn.protocol.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;

/** The examples of RFC 6376 appendix A and RFC 8463 appendix A, verified, and the latter's signatures made anew. */
class RfcExamplesTest {
    private static final String BODY_HASH = "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=";
    private static final String MAIL = """
            From: Joe SixPack <joe@football.example.com>
            To: Suzie Q <suzie@shopping.example.net>
            Subject: Is dinner ready?
            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
            Message-ID: <20030712040037.46341.5F8J@football.example.com>

            Hi.

            We lost the game.  Are you hungry yet?

            Joe.
            """;
    private static final String RFC_6376 = """
            DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;
                  c=simple/simple; q=dns/txt; i=joe@football.example.com;
                  h=Received : From : To : Subject : Date : Message-ID;
                  bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
                  b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB
                  4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut
                  KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV
                  4bmp/YzhwvcubU4=;
            Received: from client1.football.example.com  [192.0.2.1]
                  by submitserver.example.com with SUBMISSION;
                  Fri, 11 Jul 2003 21:01:54 -0700 (PDT)
            """;
    private static final String RFC_8463_ED25519 = """
            DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=brisbane; t=1528637909; h=from : to :
             subject : date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
             Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
            """;
    private static final String RFC_8463_RSA = """
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=test; t=1528637909; h=from : to : subject :
             date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
             DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
             dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
            """;
    private static final Map<String, String> RECORDS = Map.of(
            "brisbane._domainkey.example.com",
            "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjx"
                    + "OCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGj"
                    + "aNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB",
            "brisbane._domainkey.football.example.com",
            "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
            "test._domainkey.football.example.com",
            "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2"
                    + "jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVY"
                    + "LzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB");
    private static final String RSA_KEY = """
            -----BEGIN RSA PRIVATE KEY-----
            MIICXQIBAAKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi
            Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqM
            KrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB
            AoGAH0cxOhFZDgzXWhDhnAJDw5s4roOXN4OhjiXa8W7Y3rhX3FJqmJSPuC8N9vQm
            6SVbaLAE4SG5mLMueHlh4KXffEpuLEiNp9Ss3O4YfLiQpbRqE7Tm5SxKjvvQoZZe
            zHorimOaChRL2it47iuWxzxSiRMv4c+j70GiWdxXnxe4UoECQQDzJB/0U58W7RZy
            6enGVj2kWF732CoWFZWzi1FicudrBFoy63QwcowpoCazKtvZGMNlPWnC7x/6o8Gc
            uSe0ga2xAkEA8C7PipPm1/1fTRQvj1o/dDmZp243044ZNyxjg+/OPN0oWCbXIGxy
            WvmZbXriOWoSALJTjExEgraHEgnXssuk7QJBALl5ICsYMu6hMxO73gnfNayNgPxd
            WFV6Z7ULnKyV7HSVYF0hgYOHjeYe9gaMtiJYoo0zGN+L3AAtNP9huqkWlzECQE1a
            licIeVlo1e+qJ6Mgqr0Q7Aa7falZ448ccbSFYEPD6oFxiOl9Y9se9iYHZKKfIcst
            o7DUw1/hz2Ck4N5JrgUCQQCyKveNvjzkkd8HjYs0SwM0fPjK16//5qDZ2UiDGnOe
            uEzxBDAr518Z8VFbR41in3W4Y3yCDgQlLlcETrS+zYcL
            -----END RSA PRIVATE KEY-----
            """;

    @Test
    void verifiesTheExampleOfRfc6376() throws Exception {
        assertThat(PlainVerifier.verify(crlf(RFC_6376 + mailOfRfc6376()), RECORDS))
                .containsExactly("pass");
    }

    @Test
    void verifiesTheExampleOfRfc8463() throws Exception {
        assertThat(PlainVerifier.verify(crlf(RFC_8463_ED25519 + RFC_8463_RSA + MAIL), RECORDS))
                .containsExactly("pass", "pass");
    }

    @Test
    void hashesTheirBodies() {
        assertThat(hash(Canonicalization.RELAXED, MAIL)).isEqualTo(BODY_HASH);
        assertThat(hash(Canonicalization.SIMPLE, mailOfRfc6376())).isEqualTo(BODY_HASH);
    }

    private static String hash(Canonicalization form, String mail) {
        byte[] body = crlf(mail.substring(mail.indexOf("\n\n") + 2)).getBytes(StandardCharsets.US_ASCII);
        BodyHash hash = new BodyHash(form);
        hash.update(body, 0, body.length);
        return hash.finish();
    }

    /** The same mail, but for one space. */
    private static String mailOfRfc6376() {
        return MAIL.replace("game.  Are", "game. Are");
    }

    @Test
    void makesTheRsaSignatureOfRfc8463() {
        for (Optional<LibCrypto> crypto : List.of(LibCrypto.loaded(), Optional.<LibCrypto>empty())) {
            DkimKey key = new DkimKey("test", PrivateKeys.parse(RSA_KEY), crypto);
            assertThat(key.sign(hashInput(RFC_8463_RSA))).isEqualTo(value(RFC_8463_RSA));
        }
    }

    @Test
    void makesTheEd25519SignatureOfRfc8463() {
        byte[] pkcs8 = java.util.HexFormat.of().parseHex("302e020100300506032b657004220420" + "00".repeat(32));
        byte[] seed = Base64.getDecoder().decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=");
        System.arraycopy(seed, 0, pkcs8, 16, 32);
        String pem = "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(pkcs8)
                + "\n-----END PRIVATE KEY-----\n";
        for (Optional<LibCrypto> crypto : List.of(LibCrypto.loaded(), Optional.<LibCrypto>empty())) {
            DkimKey key = new DkimKey("brisbane", PrivateKeys.parse(pem), crypto);
            assertThat(key.sign(hashInput(RFC_8463_ED25519))).isEqualTo(value(RFC_8463_ED25519));
        }
    }

    /** What is signed, put together by our canonicalization. */
    private static String hashInput(String signature) {
        HeaderScanner scanner = new HeaderScanner(10_000);
        byte[] bytes = crlf(MAIL + "\n").getBytes(StandardCharsets.US_ASCII);
        scanner.feed(bytes, 0, bytes.length);
        List<HeaderField> left = new ArrayList<>(scanner.scanned().fields());
        StringBuilder input = new StringBuilder();
        for (String name : PlainVerifier.tags(signature).get("h").split(":", -1)) {
            for (HeaderField field : left.reversed()) {
                if (field.is(name.strip())) {
                    HeaderCanonicalizer.append(input, field, Canonicalization.RELAXED);
                    input.append("\r\n");
                    left.remove(field);
                    break;
                }
            }
        }
        String unsigned = crlf(signature.substring(0, signature.indexOf(" b=") + 3));
        HeaderCanonicalizer.append(input, new HeaderField(unsigned), Canonicalization.RELAXED);
        return input.toString();
    }

    private static String value(String signature) {
        return PlainVerifier.tags(signature).get("b").replaceAll("\\s", "");
    }

    private static String crlf(String text) {
        return text.replace("\n", "\r\n");
    }
}
