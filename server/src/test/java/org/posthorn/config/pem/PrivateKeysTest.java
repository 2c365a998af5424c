package org.posthorn.config.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys were made by OpenSSL 3 for this test alone. */
class PrivateKeysTest {
    private static final String EC_SEC1 = """
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIDdt0WvmXyFHYdWRpW5f0D6dPjbMO8DR6sL3RChVrMpboAoGCCqGSM49
            AwEHoUQDQgAEjPSymSMJtx7hmQG7CHAl5Es8bchidWqTAKqEysbLSSRQ9LthAXC2
            PH4bYPfJu+xYAaFGopE86MrUvEQtrSYqcw==
            -----END EC PRIVATE KEY-----""";
    private static final String EC_PKCS8 = """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgN23Ra+ZfIUdh1ZGl
            bl/QPp0+Nsw7wNHqwvdEKFWsyluhRANCAASM9LKZIwm3HuGZAbsIcCXkSzxtyGJ1
            apMAqoTKxstJJFD0u2EBcLY8fhtg98m77FgBoUaikTzoytS8RC2tJipz
            -----END PRIVATE KEY-----""";
    private static final String EC_384_WITH_PARAMETERS = """
            -----BEGIN EC PARAMETERS-----
            BgUrgQQAIg==
            -----END EC PARAMETERS-----
            -----BEGIN EC PRIVATE KEY-----
            MIGkAgEBBDBxe62LeB/dpqHQAATZd7dKLje19muZ7Lk+fRJa6SzlWkYFQ6mK66rm
            E0AHqv22H22gBwYFK4EEACKhZANiAARL5A1dVAJ/+kLwE5z9spSQ4zo3cwxOml1Q
            8WmtGlg/xdpJELbsxqJ2irvmT/kqXsCdY3dGrhydZnxdmtwcHIKuVPuwt3NpN7q0
            U8tUv9GzGa+TpvoBdVt/REYNOwnVdIo=
            -----END EC PRIVATE KEY-----""";
    private static final String ED25519 = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIJkCsjZrAVufe7hZlebi3E+4CHtT8/n92eeKiwQgj2El
            -----END PRIVATE KEY-----""";
    private static final String RSA_PKCS1 = """
            -----BEGIN RSA PRIVATE KEY-----
            MIICXQIBAAKBgQCS8b5xYX+5DPFBeU8AAXFXkb3bFzZu9mB4gVl2yfxW1EHIycce
            ZQSLza088Q0zWDTw01T5YUT/ifb+9foZjWPmN0tmlVxOBF+lwPJmJ5KcHeNBswA0
            3ZGlwv1DkmGSN1tSq7y+coogNvJbZVNRO8mQDbM2rKHP2ivhTTNIHcJrQwIDAQAB
            AoGBAIlVnLsU96041mZt/RKxRoAkez+/wyUT6XfW1Il8H/X67Py+8PWMTiJneSjC
            1aaOIvSNXxav/S+jfxAtTrEA/0KpEb5uYrtFCa0vrXXifEbT7SGqFz14VioAh0WV
            oEEzZ+4wmC5SgJC2U+BgGqJb0JEoefTh4thAhxW4you98B65AkEAwou1qwwNUQl7
            7koEGxv/rcpB5io734Ni08GAMfDT8IcjpHmFcYsb5B2ERif9iERaTQfVeg/SEbJ4
            IB9yS2iQrwJBAMFcqMs/FJyYlElR8JMpC9JDJbHoVcm3kYCiPY6iF3Ti+xzAjNrV
            Wa6y9UolsfkDe1qiXw3Zock6tnfxtQs4660CQHQXcr0zX+7vveigenrC5nwKqfBz
            W28xtBOw8JLcp1xtCDPp4Fu1K1ug0YIb8wsR3uEAv78rGaw917kziry9FTkCQC7h
            2oM9DjBRxlJorZ3gq98VLMSQAozgF0VLEQXOQ0Wx6xSzkvNUG2SCO3r43Mf1kikN
            iWKAS/vQYoF+d1j7OhkCQQCh/N3N8/VhhIdR3Hvo4O+U//av7b6NfVP7DYoYSnnN
            6MzQRE9z2k0jHV4jpGWtEQ7bgP8jUAvGMIRGO5aE8nQk
            -----END RSA PRIVATE KEY-----""";
    private static final String RSA_PKCS8 = """
            -----BEGIN PRIVATE KEY-----
            MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAJLxvnFhf7kM8UF5
            TwABcVeRvdsXNm72YHiBWXbJ/FbUQcjJxx5lBIvNrTzxDTNYNPDTVPlhRP+J9v71
            +hmNY+Y3S2aVXE4EX6XA8mYnkpwd40GzADTdkaXC/UOSYZI3W1KrvL5yiiA28ltl
            U1E7yZANszasoc/aK+FNM0gdwmtDAgMBAAECgYEAiVWcuxT3rTjWZm39ErFGgCR7
            P7/DJRPpd9bUiXwf9frs/L7w9YxOImd5KMLVpo4i9I1fFq/9L6N/EC1OsQD/QqkR
            vm5iu0UJrS+tdeJ8RtPtIaoXPXhWKgCHRZWgQTNn7jCYLlKAkLZT4GAaolvQkSh5
            9OHi2ECHFbjKi73wHrkCQQDCi7WrDA1RCXvuSgQbG/+tykHmKjvfg2LTwYAx8NPw
            hyOkeYVxixvkHYRGJ/2IRFpNB9V6D9IRsnggH3JLaJCvAkEAwVyoyz8UnJiUSVHw
            kykL0kMlsehVybeRgKI9jqIXdOL7HMCM2tVZrrL1SiWx+QN7WqJfDdmhyTq2d/G1
            CzjrrQJAdBdyvTNf7u+96KB6esLmfAqp8HNbbzG0E7DwktynXG0IM+ngW7UrW6DR
            ghvzCxHe4QC/vysZrD3XuTOKvL0VOQJALuHagz0OMFHGUmitneCr3xUsxJACjOAX
            RUsRBc5DRbHrFLOS81QbZII7evjcx/WSKQ2JYoBL+9BigX53WPs6GQJBAKH83c3z
            9WGEh1Hce+jg75T/9q/tvo19U/sNihhKec3ozNBET3PaTSMdXiOkZa0RDtuA/yNQ
            C8YwhEY7loTydCQ=
            -----END PRIVATE KEY-----""";

    @Test
    void readsEveryForm() {
        assertThat(((ECPrivateKey) PrivateKeys.parse(EC_SEC1)).getS())
                .isEqualTo(((ECPrivateKey) PrivateKeys.parse(EC_PKCS8)).getS());
        assertThat(PrivateKeys.parse(RSA_PKCS1)).isEqualTo(PrivateKeys.parse(RSA_PKCS8));
        assertThat(PrivateKeys.parse(RSA_PKCS8).getAlgorithm()).isEqualTo("RSA");
        assertThat(PrivateKeys.parse(EC_384_WITH_PARAMETERS).getAlgorithm()).isEqualTo("EC");
        assertThat(PrivateKeys.parse(ED25519).getAlgorithm()).isEqualTo("EdDSA");
    }

    @Test
    void passesOverWhatStandsAround() {
        assertThat(PrivateKeys.parse("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\ntext\n"
                        + ED25519.replace("\n", "\r\n")))
                .isEqualTo(PrivateKeys.parse(ED25519));
    }

    @Test
    void readsWhatItWrote() throws Exception {
        for (String algorithm : new String[] {"EC", "Ed25519"}) {
            PrivateKey key =
                    KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
            assertThat(PrivateKeys.parse(PrivateKeys.write(key))).isEqualTo(key);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-----BEGIN PRIVATE KEY-----\nAAAA",
                "-----BEGIN PRIVATE KEY-----\nAA*A\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY-----\n\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\noAMGAwAAAA==\n-----END EC PRIVATE KEY-----",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----"
            })
    void refusesOtherText(String pem) {
        assertThatThrownBy(() -> PrivateKeys.parse(pem)).isInstanceOf(PemException.class);
    }
}
