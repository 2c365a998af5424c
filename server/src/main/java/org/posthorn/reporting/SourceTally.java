package org.posthorn.reporting;

import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.posthorn.protocol.dmarcreport.AuthOutcome;
import org.posthorn.protocol.dmarcreport.DispositionType;
import org.posthorn.protocol.dmarcreport.ReportRecord;

/** What is known of the mail that one address sent in a domain's name, added up over reports. Used by one thread. */
final class SourceTally {
    /** Names of one kind that are kept. */
    private static final int MAX_NAMES = 8;

    private final InetAddress source;
    private long messages;
    private long byDkim;
    private long bySpf;
    private long passed;
    private final Map<Cause, Long> causes = new EnumMap<>(Cause.class);
    private final Map<DispositionType, Long> dispositions = new EnumMap<>(DispositionType.class);
    private final SortedSet<String> signers = new TreeSet<>();
    private final SortedSet<String> selectors = new TreeSet<>();
    private final SortedSet<String> spfDomains = new TreeSet<>();

    /** Why messages fail, in the order in which it is looked for. */
    enum Cause {
        /** The receiver says so, or a signature of the domain's own broke while SPF passes for somebody else. */
        FORWARDED(
                "it was forwarded or came through a mailing list, which broke the signature",
                "Nothing, if these are lists or forwardings that your users use."),
        /** Signed by the domain itself, and the signature does not verify. */
        BROKEN_SIGNATURE(
                "it is signed in your name, but the signature does not verify",
                "Compare the DKIM record of the selector with the key that signs (posthorn dns check); look for a relay that changes mail."),
        /** SPF or DKIM passes, but for another domain than the one in From. */
        OTHER_DOMAIN(
                "a service sends in your name, but signs and returns mail under its own domain (not aligned)",
                "If you use this service, let it sign with your domain (DKIM) or use a return address of yours; if not, it is forged."),
        /** Nothing passes. */
        UNAUTHENTICATED(
                "it is not signed by you, and your SPF record does not name this sender",
                "If this is a server of yours, let it sign and put it into your SPF record; if not, it is forged: a policy of quarantine or"
                        + " reject has it stopped.");

        private final String words;
        private final String advice;

        Cause(String words, String advice) {
            this.words = words;
            this.advice = advice;
        }

        String words() {
            return words;
        }

        String advice() {
            return advice;
        }
    }

    SourceTally(InetAddress source) {
        this.source = source;
    }

    void add(ReportRecord record) {
        messages += record.count();
        byDkim += record.dkimAligned() ? record.count() : 0;
        bySpf += record.spfAligned() ? record.count() : 0;
        dispositions.merge(record.disposition(), record.count(), Long::sum);
        for (ReportRecord.DkimAuth auth : record.dkim()) {
            if (auth.outcome() == AuthOutcome.PASS) {
                keep(signers, auth.domain());
                keep(selectors, auth.selector());
            }
        }
        for (ReportRecord.SpfAuth auth : record.spf()) {
            if (auth.outcome() == AuthOutcome.PASS) {
                keep(spfDomains, auth.domain());
            }
        }
        if (record.passes()) {
            passed += record.count();
        } else {
            causes.merge(cause(record), record.count(), Long::sum);
        }
    }

    private static void keep(SortedSet<String> names, String name) {
        if (!name.isEmpty() && names.size() < MAX_NAMES) {
            names.add(name);
        }
    }

    static Cause cause(ReportRecord record) {
        boolean saidToBeForwarded = record.reasons().stream().anyMatch(reason -> switch (reason.type()) {
            case FORWARDED, MAILING_LIST, TRUSTED_FORWARDER -> true;
            case LOCAL_POLICY, POLICY_TEST_MODE, SAMPLED_OUT, OTHER -> false;
        });
        boolean ownBroken = record.dkim().stream()
                .anyMatch(auth -> auth.outcome() != AuthOutcome.PASS && related(auth.domain(), record.headerFrom()));
        boolean otherPasses = record.dkim().stream().anyMatch(auth -> auth.outcome() == AuthOutcome.PASS)
                || record.spf().stream().anyMatch(auth -> auth.outcome() == AuthOutcome.PASS);
        if (saidToBeForwarded || (ownBroken && otherPasses)) {
            return Cause.FORWARDED;
        }
        if (ownBroken) {
            return Cause.BROKEN_SIGNATURE;
        }
        return otherPasses ? Cause.OTHER_DOMAIN : Cause.UNAUTHENTICATED;
    }

    /** One is the other or lies below it; good enough for an explanation. */
    private static boolean related(String one, String other) {
        return one.equals(other) || one.endsWith("." + other) || other.endsWith("." + one);
    }

    InetAddress source() {
        return source;
    }

    long messages() {
        return messages;
    }

    long passed() {
        return passed;
    }

    long failed() {
        return messages - passed;
    }

    /** How many of the messages that failed were stopped. */
    long stopped(DispositionType disposition) {
        return dispositions.getOrDefault(disposition, 0L);
    }

    Map<Cause, Long> causes() {
        return causes;
    }

    SortedSet<String> signers() {
        return signers;
    }

    SortedSet<String> selectors() {
        return selectors;
    }

    SortedSet<String> spfDomains() {
        return spfDomains;
    }

    /** By what it passes; empty where it does not always. */
    Optional<String> strength() {
        if (passed < messages) {
            return Optional.empty();
        }
        if (byDkim == messages && bySpf == messages) {
            return Optional.of("all of it passes by signature and by SPF");
        }
        if (byDkim == messages) {
            return Optional.of(
                    "all of it passes by its signature; SPF is not for your domain or fails, as it does when mail is forwarded");
        }
        return Optional.of(
                byDkim == 0
                        ? "all of it passes by SPF alone, and fails once somebody forwards it: let this sender sign with your domain too"
                        : "all of it passes, some by SPF alone: let this sender sign everything");
    }
}
