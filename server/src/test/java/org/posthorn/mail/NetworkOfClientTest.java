package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class NetworkOfClientTest {
    @Test
    void takesA64OfIpv6ForOneClient() {
        Network client = Network.ofClient(InetAddress.ofLiteral("2001:db8:1:2::1"));
        assertThat(client).isEqualTo(Network.ofClient(InetAddress.ofLiteral("2001:db8:1:2:ffff:ffff:ffff:ffff")));
        assertThat(client).isNotEqualTo(Network.ofClient(InetAddress.ofLiteral("2001:db8:1:3::1")));
    }

    @Test
    void takesEachAddressOfIpv4ForItself() {
        assertThat(Network.ofClient(InetAddress.ofLiteral("192.0.2.1")))
                .isNotEqualTo(Network.ofClient(InetAddress.ofLiteral("192.0.2.2")))
                .isEqualTo(new Network(InetAddress.ofLiteral("192.0.2.1"), 32));
    }
}
