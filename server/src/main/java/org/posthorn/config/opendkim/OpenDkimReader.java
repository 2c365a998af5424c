package org.posthorn.config.opendkim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Makes a plan of {@code opendkim.conf}. Used once, by one thread. */
public final class OpenDkimReader {
    /** How a setting of OpenDKIM stands to ours, by its name in lower case; others mean nothing for what is signed. */
    private static final Map<String, String> DIFFERENT = Map.of(
            "canonicalization", "Posthorn signs relaxed/relaxed",
            "oversignheaders", "Posthorn oversigns From, To, Cc, Subject, Date and what tells how the body is read",
            "signheaders", "Posthorn chooses the signed fields itself, after RFC 6376 5.4.1",
            "signaturettl", "signatures of Posthorn do not expire",
            "multiplesignatures", "with Posthorn one RSA and one Ed25519 key of a domain sign",
            "include", "it is not followed: import that file as well");

    private final Function<String, Optional<String>> files;
    private final Set<String> ours;
    private final Map<String, String> conf = new LinkedHashMap<>();
    private final Set<OpenDkimPlan.Key> keys = new LinkedHashSet<>();
    private final Set<OpenDkimPlan.Subdomain> subdomains = new LinkedHashSet<>();
    private final List<String> settings = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    private OpenDkimReader(Function<String, Optional<String>> files, Set<String> ours) {
        this.files = files;
        this.ours = ours;
    }

    /**
     * Makes the plan.
     *
     * @param text of opendkim.conf
     * @param files the text of another file by its path; empty when it cannot be read
     * @param ours domains of Posthorn in lower case, for which wildcards may stand
     */
    public static OpenDkimPlan plan(String text, Function<String, Optional<String>> files, Set<String> ours) {
        OpenDkimReader reader = new OpenDkimReader(files, ours);
        OpenDkimLines.of(text).forEach(line -> reader.conf.put(line.first().toLowerCase(Locale.ROOT), line.rest()));
        reader.keys();
        reader.modes();
        reader.internalHosts();
        reader.socket();
        reader.differences();
        return new OpenDkimPlan(
                List.copyOf(reader.keys), List.copyOf(reader.subdomains), reader.settings, reader.remarks);
    }

    private void keys() {
        if (conf.containsKey("keytable")) {
            tables();
            return;
        }
        String selector = conf.getOrDefault("selector", "");
        String file = conf.getOrDefault("keyfile", "");
        if (selector.isEmpty() || file.isEmpty()) {
            remarks.add("no keys: neither KeyTable nor Selector and KeyFile");
            return;
        }
        // opendkim.conf(5): one key for all of these domains.
        for (String name : values("Domain", conf.getOrDefault("domain", ""))) {
            String domain = name.toLowerCase(Locale.ROOT);
            if (domain.matches("[^*@%.][^*@%]*")) {
                keys.add(new OpenDkimPlan.Key(domain, selector, file));
                below(domain);
            } else {
                remarks.add("Domain " + name + ": not the name of a domain; write each in full, then import again");
            }
        }
    }

    /** opendkim.conf(5), SubDomains: mail of subdomains is signed too, as the domain. */
    private void below(String domain) {
        if (isYes("subdomains")) {
            ours.stream()
                    .filter(ours -> ours.endsWith("." + domain))
                    .forEach(sub -> subdomains.add(new OpenDkimPlan.Subdomain(sub, domain)));
        }
    }

    private void tables() {
        Map<String, String> keyTable = new LinkedHashMap<>();
        for (OpenDkimLines.Line line : table("KeyTable")) {
            keyTable.put(line.first(), line.rest());
        }
        boolean patterns = conf.getOrDefault("signingtable", "").startsWith("refile:");
        SigningTable signing = new SigningTable(table("SigningTable"), patterns);
        KeyPlanner planner = new KeyPlanner(signing, keyTable, isYes("multiplesignatures"), remarks);
        planner.plan(ours);
        keys.addAll(planner.keys());
        subdomains.addAll(planner.subdomains());
    }

    private List<OpenDkimLines.Line> table(String setting) {
        String value = conf.getOrDefault(setting.toLowerCase(Locale.ROOT), "");
        String path = value.startsWith("refile:")
                ? value.substring(7)
                : value.startsWith("file:") ? value.substring(5) : value;
        if (!path.startsWith("/")) {
            remarks.add(setting + (value.isEmpty() ? " is missing" : " " + value + ": only files are read"));
            return List.of();
        }
        Optional<String> text = files.apply(path);
        if (text.isEmpty()) {
            remarks.add(setting + " " + path + " cannot be read");
        }
        return text.map(OpenDkimLines::of).orElse(List.of());
    }

    /** A data set: a file with a value on each line, or values with commas between them. */
    private List<String> values(String setting, String value) {
        if (value.startsWith("/") || value.startsWith("file:") || value.startsWith("refile:")) {
            return table(setting).stream().map(OpenDkimLines.Line::first).toList();
        }
        List<String> values = new ArrayList<>();
        for (String part : (value.startsWith("csl:") ? value.substring(4) : value).split(",", -1)) {
            if (!part.isBlank()) {
                values.add(part.strip());
            }
        }
        return values;
    }

    private void modes() {
        String mode = conf.getOrDefault("mode", "sv");
        if (!mode.contains("s") || !mode.contains("v")) {
            settings.add("milter.modes = [\"" + (mode.contains("s") ? "sign" : "verify") + "\"]");
        }
        String id = conf.getOrDefault("authservid", "");
        if (id.matches("[A-Za-z0-9._-]+")) {
            settings.add("milter.authserv-id = \"" + id + "\"");
        }
    }

    private void internalHosts() {
        if (!conf.containsKey("internalhosts")) {
            return;
        }
        List<String> networks = new ArrayList<>();
        for (String host : values("InternalHosts", conf.getOrDefault("internalhosts", ""))) {
            if (host.matches("[0-9a-fA-F:.]+(/\\d{1,3})?") && !host.matches("[^:.]+")) {
                networks.add("\"" + host + "\"");
            } else {
                remarks.add("InternalHosts " + host + ": only addresses and networks are taken");
            }
        }
        settings.add("milter.internal-hosts = [" + String.join(", ", networks) + "]");
    }

    private void socket() {
        String socket = conf.getOrDefault("socket", "");
        if (socket.matches("inet6?:\\d{1,5}(@.*)?")) {
            String port = socket.replaceAll("inet6?:(\\d+).*", "$1");
            settings.add("listen.milter = \"127.0.0.1:" + port + "\"");
        } else if (socket.matches("(local:|unix:)?/[^\"\\\\]+")) {
            unixSocket(socket.replaceFirst("^\\w+:", ""));
        } else if (!socket.isEmpty()) {
            settings.add("listen.milter = \"127.0.0.1:8891\"");
            remarks.add("Socket " + socket + ": cannot be read; in main.cf: smtpd_milters = inet:127.0.0.1:8891");
        }
    }

    private void unixSocket(String path) {
        settings.add("listen.milter = \"unix:" + path + "\"");
        String mask = conf.getOrDefault("umask", "");
        if (mask.matches("0?[0-7]{1,3}")) {
            // Only write permission counts on a socket.
            int mode = 0666 & ~Integer.parseInt(mask, 8);
            settings.add("listen.socket-mode = \"0" + Integer.toOctalString(mode) + "\"");
        }
        remarks.add("Socket " + path
                + ": its folder must be there without OpenDKIM, and Posthorn must be able to write to it");
    }

    private void differences() {
        conf.forEach((name, value) -> {
            String remark = DIFFERENT.get(name);
            if (remark != null) {
                remarks.add(name + " " + value + ": " + remark);
            }
        });
    }

    private boolean isYes(String setting) {
        return conf.getOrDefault(setting, "no").matches("(?i)y.*|t.*|1");
    }
}
