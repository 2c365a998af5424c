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
            "subdomains", "each subdomain needs keys of its own: posthorn domain add",
            "signaturettl", "signatures of Posthorn do not expire",
            "multiplesignatures", "all active keys of a domain sign, RSA and Ed25519",
            "include", "it is not followed: import that file as well");

    private final Function<String, Optional<String>> files;
    private final Map<String, String> conf = new LinkedHashMap<>();
    private final Set<OpenDkimPlan.Key> keys = new LinkedHashSet<>();
    private final List<String> settings = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    private OpenDkimReader(Function<String, Optional<String>> files) {
        this.files = files;
    }

    /**
     * Makes the plan.
     *
     * @param text of opendkim.conf
     * @param files the text of another file by its path; empty when it cannot be read
     */
    public static OpenDkimPlan plan(String text, Function<String, Optional<String>> files) {
        OpenDkimReader reader = new OpenDkimReader(files);
        Lines.of(text).forEach(line -> reader.conf.put(line.first().toLowerCase(Locale.ROOT), line.rest()));
        reader.keys();
        reader.modes();
        reader.internalHosts();
        reader.socket();
        reader.differences();
        return new OpenDkimPlan(List.copyOf(reader.keys), reader.settings, reader.remarks);
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
            Optional<String> domain = domain(name, false);
            domain.ifPresent(whole -> keys.add(new OpenDkimPlan.Key(whole, selector, file)));
            if (domain.isEmpty()) {
                remarks.add("Domain " + name + ": only whole domains have keys with Posthorn");
            }
        }
    }

    private void tables() {
        Map<String, String> table = new LinkedHashMap<>();
        for (Lines.Line line : table("KeyTable")) {
            table.put(line.first(), line.rest());
        }
        Set<String> used = new LinkedHashSet<>();
        Set<String> served = new LinkedHashSet<>();
        boolean patterns = conf.getOrDefault("signingtable", "").startsWith("refile:");
        for (Lines.Line line : table("SigningTable")) {
            String name = line.rest().split("\\s+", 2)[0];
            used.add(name);
            Optional<String> domain = domain(line.first(), patterns);
            if (domain.isEmpty()) {
                remarks.add("SigningTable " + line.first() + ": only whole domains have keys with Posthorn");
            } else if (!table.containsKey(name)) {
                remarks.add("SigningTable " + line.first() + ": KeyTable has no " + name);
            } else if (!served.add(domain.get().toLowerCase(Locale.ROOT)) && !isYes("multiplesignatures")) {
                // opendkim.conf(5): only the first match is applied.
                remarks.add("SigningTable " + line.first() + ": an earlier line serves the domain");
            } else {
                key(domain.get(), name, table.get(name));
            }
        }
        table.keySet().stream()
                .filter(name -> !used.contains(name))
                .forEach(name -> remarks.add("KeyTable " + name + ": no line of SigningTable uses it"));
    }

    /** The domain all of whose addresses a key of the table stands for; a plain table has the bare name for that. */
    private static Optional<String> domain(String pattern, boolean patterns) {
        String domain = pattern.startsWith("*@") ? pattern.substring(2) : patterns ? "*" : pattern;
        boolean whole = !domain.isEmpty()
                && domain.chars().noneMatch(c -> c == '*' || c == '@' || c == '%')
                && domain.charAt(0) != '.';
        return whole ? Optional.of(domain) : Optional.empty();
    }

    private void key(String from, String name, String value) {
        String[] parts = value.split(":", 3);
        if (parts.length < 3) {
            remarks.add("KeyTable " + name + ": not DOMAIN:SELECTOR:FILE");
            return;
        }
        String domain = parts[0].equals("%") ? from : parts[0];
        String file = parts[2].strip();
        if (!domain.equalsIgnoreCase(from)) {
            remarks.add("KeyTable " + name + ": signs for " + from + " as " + domain
                    + "; Posthorn signs as the domain of the From, which DMARC wants");
        } else if (!file.startsWith("/") && !file.startsWith("./") && !file.startsWith("../")) {
            remarks.add("KeyTable " + name + ": the key stands in the table itself; put it into a file");
        } else {
            keys.add(new OpenDkimPlan.Key(domain, parts[1].strip(), file.replace("%", from)));
        }
    }

    private List<Lines.Line> table(String setting) {
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
        return text.map(Lines::of).orElse(List.of());
    }

    /** A data set: a file with a value on each line, or values with commas between them. */
    private List<String> values(String setting, String value) {
        if (value.startsWith("/") || value.startsWith("file:") || value.startsWith("refile:")) {
            return table(setting).stream().map(Lines.Line::first).toList();
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
