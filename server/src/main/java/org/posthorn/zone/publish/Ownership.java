package org.posthorn.zone.publish;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.zone.DesiredRecord;
import org.posthorn.zone.Purpose;

/** Whether a record of which there can be one only was made by us, so that nothing is lost when it changes. */
final class Ownership {
    private Ownership() {}

    /** Whether the wanted record says all that the present one says, but for what we decide. */
    static boolean isOurs(ZoneRecord wanted, ZoneRecord present) {
        return wanted.data() instanceof RecordData.Txt(String ours)
                && present.data() instanceof RecordData.Txt(String theirs)
                && (ours.startsWith("v=spf1") ? permitsAll(ours, theirs) : sharesReports(ours, theirs));
    }

    /** Every sender of the present policy is one of the wanted policy; how the rest is judged is for us to say. */
    private static boolean permitsAll(String ours, String theirs) {
        return mechanisms(ours).containsAll(mechanisms(theirs));
    }

    /** RFC 7208 4.6.1: terms are separated by spaces and their names are without case. */
    private static List<String> mechanisms(String policy) {
        return Arrays.stream(policy.strip().split(" +"))
                .skip(1)
                .map(term -> term.startsWith("+") ? term.substring(1) : term)
                .filter(term -> !isAll(term))
                .map(term -> term.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static boolean isAll(String term) {
        return term.matches("(?i)[-~?+]?all");
    }

    /** A record with our report address and no tag that we would not write was made by us: a policy that changed is ours to change. */
    private static boolean sharesReports(String ours, String theirs) {
        Optional<String> reports = tag(ours, "rua");
        Set<String> known = tags(ours).map(Tag::name).collect(Collectors.toSet());
        return reports.isPresent()
                && reports.equals(tag(theirs, "rua"))
                && tags(theirs).allMatch(tag -> known.contains(tag.name()));
    }

    private record Tag(String name, String value) {}

    private static Optional<String> tag(String text, String name) {
        return tags(text).filter(tag -> tag.name().equals(name)).map(Tag::value).findFirst();
    }

    /** RFC 9989 4.7: tags in the form of DKIM's. */
    private static Stream<Tag> tags(String text) {
        return Arrays.stream(text.split(";"))
                .map(String::strip)
                .filter(tag -> !tag.isEmpty())
                .map(tag -> {
                    int equals = tag.indexOf('=');
                    return equals < 0
                            ? new Tag(tag.toLowerCase(Locale.ROOT), "")
                            : new Tag(
                                    tag.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                                    tag.substring(equals + 1).strip());
                });
    }

    /** What the owner can do about a record that is not ours. */
    static String remedy(DesiredRecord wanted, List<ZoneRecord> others) {
        String replace = "--replace " + wanted.purpose().word();
        if (wanted.purpose() != Purpose.SPF) {
            return "It was not made here. To put ours in its place: " + replace;
        }
        List<String> senders = new ArrayList<>();
        for (ZoneRecord other : others) {
            if (other.data() instanceof RecordData.Txt(String theirs)) {
                mechanisms(theirs).stream()
                        .filter(term -> !senders.contains(term))
                        .forEach(senders::add);
            }
        }
        return "Both together would be \"" + merged(wanted.record().data().plain(), senders)
                + "\". Name its senders in dns.publish.spf-senders, or give them up with " + replace;
    }

    /** Our policy, with the senders of theirs before its last term. */
    static String merged(String ours, List<String> senders) {
        List<String> known = mechanisms(ours);
        int all = ours.lastIndexOf(' ');
        String added = senders.stream()
                .filter(term -> !known.contains(term))
                // RFC 7208 6.1: a redirect means nothing where "all" is; as a sender it is an include.
                .map(term -> term.startsWith("redirect=") ? "include:" + term.substring("redirect=".length()) : term)
                .map(term -> " " + term)
                .collect(Collectors.joining());
        return ours.substring(0, all) + added + ours.substring(all);
    }
}
