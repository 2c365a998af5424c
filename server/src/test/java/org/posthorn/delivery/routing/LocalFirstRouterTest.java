package org.posthorn.delivery.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.posthorn.directory.DirectoryException;
import org.posthorn.directory.Resolution;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.queue.Destination;
import org.posthorn.queue.Router;
import org.posthorn.testing.RecordedLog;

class LocalFirstRouterTest {
    private final Map<String, Resolution> entries = new HashMap<>();
    private final RecordedLog log = new RecordedLog();
    private final LiteralDirectory directory = new LiteralDirectory(Domain.parse("example.org"), entries);

    private Router.Route route(String address) {
        return route(address, Map.of());
    }

    private Router.Route route(String address, Map<String, String> routes) {
        return new LocalFirstRouter(directory, new StaticRoutes(routes), log).route(Address.parse(address));
    }

    private void mailbox(String address) {
        entries.put(address, new Resolution.Mailbox(Address.parse(address)));
    }

    private void alias(String address, String... targets) {
        entries.put(
                address,
                new Resolution.Forward(
                        List.of(targets).stream().map(Address::parse).toList()));
    }

    private static Router.Hop local(String account, String address) {
        return new Router.Hop(Destination.mailbox(account), Address.parse(address));
    }

    private static Router.Hop remote(String hop, String address) {
        return new Router.Hop(Destination.smtp(hop), Address.parse(address));
    }

    private static Router.Route to(Router.Hop... hops) {
        return new Router.Route.To(List.of(hops));
    }

    @Test
    void routesAccountsToTheirMailboxAndOtherDomainsByName() {
        mailbox("bob@example.org");
        assertThat(route("bob@example.org")).isEqualTo(to(local("bob@example.org", "bob@example.org")));
        assertThat(route("x@example.net")).isEqualTo(to(remote("example.net", "x@example.net")));
    }

    private static Destination routed(String route) {
        return new StaticRoutes(Map.of("example.net", route)).destination(Domain.parse("example.net"));
    }

    @Test
    void aRouteMayLeadToAnotherTransport() {
        assertThat(routed("discard:")).isEqualTo(new Destination("discard", ""));
        assertThat(routed("Discard: what they send")).isEqualTo(new Destination("discard", "what they send"));
        assertThat(routed("error:5.7.1 We do not write to them"))
                .isEqualTo(new Destination("error", "5.7.1 We do not write to them"));
        // A host may have such a name, and another transport is none that a route can name.
        assertThat(routed("error:25")).isEqualTo(Destination.smtp("error:25"));
        assertThat(routed("discard:10025")).isEqualTo(Destination.smtp("discard:10025"));
        assertThat(routed("local:bob")).isEqualTo(Destination.smtp("local:bob"));
        assertThat(routed("discard")).isEqualTo(Destination.smtp("discard"));
    }

    @Test
    void onlyServersCountAsServers() {
        StaticRoutes routes = new StaticRoutes(Map.of(
                "a.test", "discard:", "b.test", "error:5.1.1 gone", "c.test", "relay.test:25", "*", "[192.0.2.1]"));
        assertThat(routes.servers()).containsExactlyInAnyOrder("relay.test:25", "[192.0.2.1]");
    }

    @Test
    void keepsTheDetailOfAnAddressForTheMailbox() {
        entries.put("bob+lists@example.org", new Resolution.Mailbox(Address.parse("bob@example.org")));
        assertThat(route("bob+lists@example.org")).isEqualTo(to(local("bob@example.org", "bob+lists@example.org")));
    }

    @Test
    void refusesUnknownUsersForGood() {
        assertThat(route("nobody@example.org"))
                .isInstanceOfSatisfying(
                        Router.Route.Unroutable.class,
                        unroutable -> assertThat(unroutable.status()).isEqualTo("5.1.1"));
    }

    @Test
    void expandsAliasesOfAliasesAndDeliversOnceToEach() {
        mailbox("bob@example.org");
        mailbox("carol@example.org");
        alias("all@example.org", "team@example.org", "bob@example.org", "x@example.net");
        alias("team@example.org", "carol@example.org", "Bob@example.org", "x@example.net");
        entries.put("Bob@example.org", new Resolution.Mailbox(Address.parse("bob@example.org")));
        assertThat(route("all@example.org"))
                .isEqualTo(to(
                        local("bob@example.org", "bob@example.org"),
                        remote("example.net", "x@example.net"),
                        local("carol@example.org", "carol@example.org")));
    }

    @Test
    void circlesAndChainsWithoutEndAreNoRoute() {
        alias("a@example.org", "b@example.org");
        alias("b@example.org", "a@example.org");
        assertThat(route("a@example.org")).isInstanceOf(Router.Route.Unroutable.class);
        IntStream.range(0, 20).forEach(i -> alias("n" + i + "@example.org", "n" + (i + 1) + "@example.org"));
        assertThat(route("n0@example.org")).isInstanceOf(Router.Route.Unroutable.class);
    }

    @Test
    void aCircleWithAWayOutIsARoute() {
        mailbox("bob@example.org");
        alias("a@example.org", "a@example.org", "bob@example.org");
        assertThat(route("a@example.org")).isEqualTo(to(local("bob@example.org", "bob@example.org")));
    }

    @Test
    void anAliasOfTooManyTargetsIsNoRoute() {
        alias(
                "all@example.org",
                IntStream.range(0, LocalFirstRouter.MAX_TARGETS + 1)
                        .mapToObj(i -> "u" + i + "@example.net")
                        .toArray(String[]::new));
        assertThat(route("all@example.org")).isInstanceOf(Router.Route.Unroutable.class);
    }

    @Test
    void deliversToTheRestOfAnAliasWhenOneTargetIsUnknownAndSaysSo() {
        mailbox("bob@example.org");
        alias("all@example.org", "gone@example.org", "bob@example.org");
        assertThat(route("all@example.org")).isEqualTo(to(local("bob@example.org", "bob@example.org")));
        assertThat(log.lines()).anyMatch(line -> line.contains("alias-target-unknown") && line.contains("gone@"));
    }

    @Test
    void aDirectoryThatLostItsDomainsMeansLaterAndSaysWhatToDo() {
        mailbox("bob@example.org");
        directory.loseDomain();
        assertThat(route("bob@example.org")).isInstanceOfSatisfying(Router.Route.Unknown.class, later -> {
            assertThat(later.status()).isEqualTo("4.3.5");
            assertThat(later.text()).contains("posthorn domain add");
        });
    }

    @Test
    void lookingAheadSaysTheSameAndLogsNothing() {
        mailbox("bob@example.org");
        alias("all@example.org", "gone@example.org", "bob@example.org");
        assertThat(new LocalFirstRouter(directory, StaticRoutes.NONE, log).preview(Address.parse("all@example.org")))
                .isEqualTo(to(local("bob@example.org", "bob@example.org")));
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aDirectoryThatFailsMeansLater() {
        directory.failWith(new DirectoryException(DirectoryException.Reason.FAILED, "disk"));
        assertThat(route("bob@example.org"))
                .isEqualTo(new Router.Route.Unknown("4.3.5", "The directory is not available"));
    }

    @Test
    void staticRoutesPreferTheLongestName() {
        Map<String, String> routes = Map.of(
                "Peer.test", "127.0.0.1:2625",
                ".peer.test", "sub:25",
                ".deep.peer.test", "deep:25",
                "*", "smarthost:587");
        assertThat(route("a@peer.test", routes)).isEqualTo(to(remote("127.0.0.1:2625", "a@peer.test")));
        assertThat(route("a@x.peer.test", routes)).isEqualTo(to(remote("sub:25", "a@x.peer.test")));
        assertThat(route("a@x.deep.peer.test", routes)).isEqualTo(to(remote("deep:25", "a@x.deep.peer.test")));
        assertThat(route("a@other.test", routes)).isEqualTo(to(remote("smarthost:587", "a@other.test")));
    }

    @Test
    void localDomainsNeverTakeAStaticRoute() {
        mailbox("bob@example.org");
        assertThat(route("bob@example.org", Map.of("*", "smarthost:587")))
                .isEqualTo(to(local("bob@example.org", "bob@example.org")));
    }
}
