package org.posthorn.server.milter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkTest {
    private static boolean holds(String network, String address) {
        return Network.parse(network).holds(InetAddress.ofLiteral(address));
    }

    @Test
    void holdsTheAddressesOfItsBlock() {
        assertThat(holds("192.0.2.0/24", "192.0.2.255")).isTrue();
        assertThat(holds("192.0.2.0/24", "192.0.3.0")).isFalse();
        assertThat(holds("192.0.2.128/25", "192.0.2.127")).isFalse();
        assertThat(holds("192.0.2.1", "192.0.2.1")).isTrue();
        assertThat(holds("192.0.2.1", "192.0.2.2")).isFalse();
        assertThat(holds("2001:db8::/33", "2001:db8:7fff::1")).isTrue();
        assertThat(holds("2001:db8::/33", "2001:db8:8000::1")).isFalse();
        assertThat(holds("0.0.0.0/0", "203.0.113.9")).isTrue();
        assertThat(holds("0.0.0.0/0", "2001:db8::1")).isFalse();
    }

    @Test
    void refusesNamesAndPrefixesThatDoNotFit() {
        for (String text : List.of("example.org", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "/8", "::/129", "")) {
            assertThatThrownBy(() -> Network.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
