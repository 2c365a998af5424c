package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    /** First and last of a network, and what lies beside. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.0/24, 192.0.1.255, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.6/31, 192.0.2.7, true",
        "192.0.2.6/31, 192.0.2.8, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 192.0.2.1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::, false",
        "2001:db8::1, 2001:db8::1, true",
        "2001:db8::1, 2001:db8::, false"
    })
    void containsWhatHasTheSameFirstBits(String network, String address, boolean expected) {
        assertThat(Network.parse(network).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.1",
                "10.1.2",
                "10.1.2.3.4",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "::/129",
                "10.0.0.0/",
                "10.0.0.0/x",
                "a.b.c.d",
                "example.org"
            })
    void refusesWhatIsNone(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Network.parse(text));
    }

    @Test
    void writesItself() {
        assertThat(Network.parse("192.0.2.7")).hasToString("192.0.2.7/32");
        assertThat(Network.parse("192.0.2.0/0").prefix()).isZero();
        assertThat(Network.parse("::1").prefix()).isEqualTo(128);
        assertThat(Network.parse("10.0.0.0/32").prefix()).isEqualTo(32);
        assertThat(Network.ofClient(InetAddress.ofLiteral("192.0.2.7"))).hasToString("192.0.2.7/32");
        assertThat(Network.ofClient(InetAddress.ofLiteral("2001:db8:1:2:3:4:5:6")))
                .hasToString("2001:db8:1:2:0:0:0:0/64");
    }
}
