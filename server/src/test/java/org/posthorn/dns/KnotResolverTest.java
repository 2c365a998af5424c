package org.posthorn.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against Knot DNS, where it is installed: what real messages look like, truncation and aliases included. */
@Timeout(60)
class KnotResolverTest {
    @TempDir
    Path directory;

    private KnotServer knot;
    private DnsjavaResolver resolver;

    @BeforeEach
    void startKnot() throws Exception {
        assumeTrue(KnotServer.isInstalled(), "knotd is not installed");
        Files.writeString(directory.resolve("example.org.zone"), zone());
        knot = new KnotServer(directory, "", Map.of("example.org", ""));
        resolver =
                new DnsjavaResolver(DnsConfig.standard().withServers(List.of(knot.address())), InstantSource.system());
    }

    private static String zone() {
        String many = IntStream.range(0, 120)
                .mapToObj(i -> "many A 192.0.2." + i + "\n")
                .collect(Collectors.joining());
        return """
                $ORIGIN example.org.
                $TTL 60
                @ SOA ns root 1 60 60 600 60
                @ NS ns
                ns A 127.0.0.1
                www A 192.0.2.1
                www AAAA 2001:db8::1
                @ MX 10 mx1
                @ MX 20 mx2.example.net.
                null MX 0 .
                alias CNAME www
                second CNAME alias
                dangling CNAME nowhere
                outside CNAME www.example.net.
                @ TXT "v=spf1 " "-all"
                """ + many;
    }

    @AfterEach
    void stopKnot() throws Exception {
        if (knot != null) {
            knot.close();
        }
    }

    @Test
    void readsARealServersAnswers() {
        assertThat(resolver.mx("example.org").recordsOrNone())
                .containsExactlyInAnyOrder(new MxRecord(10, "mx1.example.org"), new MxRecord(20, "mx2.example.net"));
        assertThat(resolver.mx("null.example.org").recordsOrNone()).containsExactly(new MxRecord(0, ""));
        assertThat(resolver.ipv6("www.example.org").recordsOrNone())
                .containsExactly((java.net.Inet6Address) InetAddress.ofLiteral("2001:db8::1"));
        assertThat(resolver.txt("example.org").recordsOrNone()).containsExactly("v=spf1 -all");
        assertThat(resolver.mx("absent.example.org")).isInstanceOf(Answer.NoSuchName.class);
        assertThat(resolver.mx("www.example.org")).isInstanceOf(Answer.NoData.class);
        // Knot refuses what is not in its zones: nobody knows, which is not the same as nothing there.
        assertThat(resolver.mx("example.net")).isInstanceOf(Answer.Failure.class);
    }

    @Test
    void followsItsAliases() {
        assertThat(resolver.ipv4("second.example.org").recordsOrNone()).hasSize(1);
        assertThat(resolver.mx("second.example.org")).isInstanceOf(Answer.NoData.class);
        assertThat(resolver.ipv4("dangling.example.org")).isInstanceOf(Answer.NoSuchName.class);
        assertThat(resolver.ipv4("outside.example.org")).isInstanceOf(Answer.Failure.class);
    }

    @Test
    void getsALargeAnswerOverTcp() {
        assertThat(resolver.ipv4("many.example.org").recordsOrNone()).hasSize(120);
    }
}
