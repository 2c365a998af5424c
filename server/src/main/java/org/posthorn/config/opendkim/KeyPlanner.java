package org.posthorn.config.opendkim;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds for each domain the key that OpenDKIM's tables give to its addresses, as far as Posthorn can sign so: with keys of the From's
 * domain for all its addresses, or of a domain above it. Used once.
 */
final class KeyPlanner {
    private final SigningTable table;
    private final Map<String, String> keyTable;
    private final boolean several;
    private final List<String> remarks;
    private final Set<OpenDkimPlan.Key> keys = new LinkedHashSet<>();
    private final Map<OpenDkimPlan.Subdomain, OpenDkimPlan.Key> below = new LinkedHashMap<>();
    private final Set<OpenDkimLines.Line> used = new LinkedHashSet<>();

    /**
     * @param several whether all lines that match sign, not only the first (MultipleSignatures)
     * @param remarks takes what is refused, and why
     */
    KeyPlanner(SigningTable table, Map<String, String> keyTable, boolean several, List<String> remarks) {
        this.table = table;
        this.keyTable = keyTable;
        this.several = several;
        this.remarks = remarks;
    }

    /** @param ours domains of Posthorn, for which wildcards may stand */
    void plan(Set<String> ours) {
        Set<String> named = table.domains();
        Set<String> domains = new LinkedHashSet<>(named);
        domains.addAll(ours);
        domains.forEach(this::domain);
        below.forEach((subdomain, key) -> {
            List<OpenDkimPlan.Key> own = keys.stream()
                    .filter(other -> other.domain().equals(key.domain()))
                    .toList();
            if (own.isEmpty()) {
                keys.add(key);
            } else if (!own.contains(key)) {
                remarks.add(subdomain.domain() + ": signs as " + key.domain() + " with selector " + key.selector()
                        + "; with Posthorn it signs with the key that all of " + key.domain() + " has, selector "
                        + own.getFirst().selector());
            }
        });
        for (OpenDkimLines.Line line : table.lines()) {
            if (!used.contains(line)) {
                remarks.add("SigningTable " + line.first() + ": " + whyUnused(line, named));
            }
        }
        Set<String> keysUsed = new LinkedHashSet<>();
        table.lines().forEach(line -> keysUsed.add(SigningTable.key(line)));
        keyTable.keySet().stream()
                .filter(name -> !keysUsed.contains(name))
                .forEach(name -> remarks.add("KeyTable " + name + ": no line of SigningTable uses it"));
    }

    Set<OpenDkimPlan.Key> keys() {
        return keys;
    }

    Set<OpenDkimPlan.Subdomain> subdomains() {
        return below.keySet();
    }

    private static String whyUnused(OpenDkimLines.Line line, Set<String> named) {
        String pattern = line.first();
        String domain = pattern.substring(pattern.lastIndexOf('@') + 1);
        if (named.contains(domain.toLowerCase(Locale.ROOT))) {
            return "an earlier line serves the domain";
        }
        if (pattern.indexOf('@') < 0 && domain.indexOf('*') < 0 && domain.charAt(0) != '.') {
            return "in a refile this matches no address; OpenDKIM does not sign by it either";
        }
        return "no domain of Posthorn matches it: add those that send (posthorn domain add), then import again";
    }

    private void domain(String domain) {
        List<OpenDkimLines.Line> all = table.ofAll(domain);
        List<OpenDkimLines.Line> some = table.ofSome(domain);
        List<OpenDkimLines.Line> applied = several || all.isEmpty() ? all : all.subList(0, 1);
        applied.forEach(line -> take(line, domain));
        Set<String> ofSome = new LinkedHashSet<>();
        some.forEach(line -> ofSome.add(SigningTable.key(line)));
        if (all.isEmpty() && ofSome.size() == 1) {
            remarks.add("SigningTable " + some.getFirst().first() + ": OpenDKIM signed for some addresses of " + domain
                    + " only; with Posthorn all of them sign with that key");
            take(some.getFirst(), domain);
        }
        for (OpenDkimLines.Line line : some) {
            used.add(line);
            if (all.isEmpty() && ofSome.size() > 1) {
                remarks.add("SigningTable " + line.first() + ": the addresses of " + domain
                        + " have different keys, and Posthorn has one for all of a domain: name the one to take in a line for *@"
                        + domain + ", then import again");
            } else if (!all.isEmpty()
                    && applied.stream().noneMatch(one -> SigningTable.key(one).equals(SigningTable.key(line)))) {
                remarks.add("SigningTable " + line.first() + ": has a key of its own, and Posthorn has one for all of "
                        + domain + "; it signs with that one, so nothing is to be done");
            }
        }
    }

    private void take(OpenDkimLines.Line line, String from) {
        used.add(line);
        String name = SigningTable.key(line);
        String value = keyTable.get(name);
        if (value == null) {
            remarks.add("SigningTable " + line.first() + ": KeyTable has no " + name);
            return;
        }
        String[] parts = value.split(":", 3);
        if (parts.length < 3) {
            remarks.add("KeyTable " + name + ": not DOMAIN:SELECTOR:FILE");
            return;
        }
        String domain = parts[0].equals("%") ? from : parts[0].toLowerCase(Locale.ROOT);
        String file = parts[2].strip();
        if (!file.startsWith("/") && !file.startsWith("./") && !file.startsWith("../")) {
            remarks.add(
                    "KeyTable " + name
                            + ": the key stands in the table itself; write it into a PEM file, name that there, then import again");
            return;
        }
        OpenDkimPlan.Key key = new OpenDkimPlan.Key(domain, parts[1].strip(), file.replace("%", from));
        if (domain.equals(from)) {
            keys.add(key);
        } else if (from.endsWith("." + domain)) {
            below.putIfAbsent(new OpenDkimPlan.Subdomain(from, domain), key);
        } else {
            remarks.add("KeyTable " + name + ": signs for " + from + " as " + domain
                    + "; Posthorn signs as the domain of the From or one above it, as DMARC wants: posthorn domain add "
                    + from + " makes keys, whose records posthorn dns records prints");
        }
    }
}
