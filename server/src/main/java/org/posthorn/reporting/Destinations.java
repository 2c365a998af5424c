package org.posthorn.reporting;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.posthorn.dns.Answer;
import org.posthorn.dns.Resolver;
import org.posthorn.mail.Domain;
import org.posthorn.mail.MalformedAddressException;

/** Finds out who takes the reports of a policy domain: nobody who has not agreed (RFC 9990 4). Thread-safe. */
final class Destinations {
    /** URIs of one record that are used (RFC 9990 3.5 leaves the number to us). */
    static final int MAX_URIS = 10;

    private final Resolver resolver;
    private final Function<Domain, Optional<String>> organization;

    /** @param organization the organizational domain of a domain; empty where it cannot be found */
    Destinations(Resolver resolver, Function<Domain, Optional<String>> organization) {
        this.resolver = resolver;
        this.organization = organization;
    }

    /**
     * Those who take reports, and why others do not.
     *
     * @param unsure a look-up failed: ask again later
     */
    record Found(List<ReportUri> takers, List<String> refused, boolean unsure) {
        Found {
            takers = List.copyOf(takers);
            refused = List.copyOf(refused);
        }
    }

    Found of(String policyDomain, List<String> uris) {
        List<ReportUri> takers = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        boolean unsure = false;
        for (String text : uris.stream().limit(MAX_URIS).toList()) {
            Optional<ReportUri> uri = ReportUri.parse(text);
            if (uri.isEmpty()) {
                refused.add(text + ": not a mail address");
                continue;
            }
            switch (agreement(policyDomain, uri.get())) {
                case Agreement.Given(ReportUri taker) -> takers.add(taker);
                case Agreement.Absent(String reason) -> refused.add(text + ": " + reason);
                case Agreement.Unknown(String reason) -> {
                    refused.add(text + ": " + reason);
                    unsure = true;
                }
            }
        }
        return new Found(takers.stream().distinct().toList(), refused, unsure);
    }

    private sealed interface Agreement {
        record Given(ReportUri uri) implements Agreement {}

        record Absent(String reason) implements Agreement {}

        record Unknown(String reason) implements Agreement {}
    }

    private Agreement agreement(String policyDomain, ReportUri uri) {
        Domain host = uri.address().domain();
        if (sameOrganization(policyDomain, host)) {
            return new Agreement.Given(uri);
        }
        String name = policyDomain + "._report._dmarc." + host;
        if (host.isAddressLiteral() || name.length() > 253) {
            return new Agreement.Absent("no name can be made to ask whether it agrees");
        }
        return switch (resolver.txt(name)) {
            case Answer.Found<String>(var texts, var _) -> agreement(uri, texts);
            case Answer.NoSuchName<String> _, Answer.NoData<String> _ ->
                new Agreement.Absent("has not agreed, there is no TXT record " + name);
            case Answer.Failure<String>(var _, var reason) -> new Agreement.Unknown("cannot be asked: " + reason);
        };
    }

    private static Agreement agreement(ReportUri uri, List<String> texts) {
        List<String> records = texts.stream()
                .filter(text -> text.matches("(?s)v\\s*=\\s*DMARC1\\s*(;.*)?"))
                .toList();
        if (records.isEmpty()) {
            return new Agreement.Absent("has not agreed, its TXT record is not DMARC's");
        }
        // RFC 9990 4, step 9: it may name another address at the same host, and no other host
        Optional<String> instead = records.stream()
                .flatMap(record -> Stream.of(record.split(";", 50)))
                .map(String::strip)
                .filter(tag -> tag.matches("(?s)rua\\s*=.*"))
                .map(tag -> tag.substring(tag.indexOf('=') + 1).split(",", 2)[0])
                .findFirst();
        if (instead.isEmpty()) {
            return new Agreement.Given(uri);
        }
        return ReportUri.parse(instead.get())
                .filter(other -> other.address().domain().equals(uri.address().domain()))
                .<Agreement>map(Agreement.Given::new)
                .orElseGet(() -> new Agreement.Absent("names another host instead"));
    }

    private boolean sameOrganization(String policyDomain, Domain host) {
        if (host.name().equals(policyDomain)) {
            return true;
        }
        try {
            Optional<String> ours = organization.apply(Domain.parse(policyDomain));
            return ours.isPresent() && ours.equals(organization.apply(host));
        } catch (MalformedAddressException notADomain) {
            return false;
        }
    }
}
