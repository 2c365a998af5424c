package org.posthorn.protocol.dmarc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.protocol.dmarc.DmarcRecord.PublicSuffix;
import org.posthorn.protocol.dmarc.Records.At;

/** The DNS tree walk (RFC 9989 4.10): at most eight look-ups, however long the name. Stateless. */
final class TreeWalk implements Discovery {
    /** Labels that are left of a long name after the first look-up (step 4). */
    private static final int SHORTENED = 7;

    @Override
    public Walk from(String domain, Records records) {
        List<Placed> found = new ArrayList<>();
        for (String target : targets(domain)) {
            switch (records.at(target)) {
                case At.Failed(String reason) -> {
                    return new Walk(domain, found, organizational(domain, found), Optional.of(reason));
                }
                case At.Nothing() -> {}
                case At.Found(DmarcRecord record) -> {
                    found.add(new Placed(target, record));
                    // Steps 2 and 6.
                    if (record.psd() != PublicSuffix.UNSAID) {
                        return new Walk(domain, found, organizational(domain, found), Optional.empty());
                    }
                }
            }
        }
        return new Walk(domain, found, organizational(domain, found), Optional.empty());
    }

    /** The domains asked for, in order. */
    static List<String> targets(String domain) {
        List<String> targets = new ArrayList<>(List.of(domain));
        String[] labels = domain.split("\\.", -1);
        int next = Math.max(1, labels.length - SHORTENED);
        for (int i = next; i < labels.length; i++) {
            targets.add(String.join(".", List.of(labels).subList(i, labels.length)));
        }
        return targets;
    }

    /** RFC 9989 4.10.2, the three steps. */
    private static String organizational(String start, List<Placed> found) {
        for (Placed placed : found) {
            if (placed.record().psd() == PublicSuffix.NO) {
                return placed.domain();
            }
            if (placed.record().psd() == PublicSuffix.YES && !placed.domain().equals(start)) {
                return oneLabelBelow(placed.domain(), start);
            }
        }
        return found.isEmpty() ? start : found.getLast().domain();
    }

    private static String oneLabelBelow(String suffix, String start) {
        String below = start.substring(0, start.length() - suffix.length() - 1);
        return below.substring(below.lastIndexOf('.') + 1) + "." + suffix;
    }
}
