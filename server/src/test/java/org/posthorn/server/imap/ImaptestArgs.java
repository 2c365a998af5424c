package org.posthorn.server.imap;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Responses as imaptest compares them: atoms, strings, literals and lists, with variables on the expected side. */
final class ImaptestArgs {
    private static final Set<String> UNORDERED = Set.of("flags", "fetch");

    private final String text;
    private int at;

    private ImaptestArgs(String text) {
        this.text = text;
    }

    /** A word, with its text and whether it was a literal or quoted; or a list. */
    sealed interface Arg {
        record Word(String text, boolean literal, boolean quoted) implements Arg {}

        record Nested(List<Arg> items) implements Arg {}
    }

    static List<Arg> parse(String text) {
        return new ImaptestArgs(text).items('\0');
    }

    private List<Arg> items(char close) {
        List<Arg> items = new ArrayList<>();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ') {
                at++;
            } else if (c == close) {
                at++;
                return items;
            } else if (c == '(' || (c == '[' && isCode())) {
                at++;
                items.add(new Arg.Nested(items(c == '(' ? ')' : ']')));
            } else {
                items.add(word(close));
            }
        }
        return items;
    }

    /** A response code stands alone; the bracket of BODY[...] does not. */
    private boolean isCode() {
        return at == 0 || text.charAt(at - 1) == ' ';
    }

    private Arg word(char close) {
        if (text.startsWith("{{{", at)) {
            int end = text.indexOf("\n}}}", at);
            String body = text.substring(text.indexOf('\n', at) + 1, Math.max(end, text.indexOf('\n', at) + 1));
            at = end + 4;
            return new Arg.Word(body.replace("\r", "").replace("\n", "\r\n"), true, false);
        }
        if (text.charAt(at) == '"') {
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                if (text.charAt(at) == '\\') {
                    at++;
                }
                value.append(text.charAt(at));
            }
            at++;
            return new Arg.Word(value.toString(), false, true);
        }
        if (text.charAt(at) == '{' && text.indexOf("}\r\n", at) > 0) {
            int end = text.indexOf("}\r\n", at);
            int size = Integer.parseInt(text.substring(at + 1, end));
            at = end + 3 + size;
            return new Arg.Word(text.substring(end + 3, at), true, false);
        }
        int start = at;
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '[') {
                depth++;
            } else if (c == ']' && depth > 0) {
                depth--;
            }
            if (depth == 0 && ends(c, close)) {
                break;
            }
            at++;
        }
        return new Arg.Word(text.substring(start, at), false, false);
    }

    private static boolean ends(char c, char close) {
        return c == ' ' || c == '(' || c == ')' || (c == ']' && close == ']');
    }

    /** Whether the response is what is expected; binds variables that had no value. */
    static boolean matches(List<Arg> expected, List<Arg> actual, Map<String, String> variables, boolean exact) {
        Map<String, String> bound = new java.util.HashMap<>(variables);
        if (!list(expected, actual, bound, exact, false)) {
            return false;
        }
        variables.putAll(bound);
        return true;
    }

    private static boolean list(
            List<Arg> expected, List<Arg> actual, Map<String, String> variables, boolean exact, boolean anyOrder) {
        boolean unordered = anyOrder;
        List<Arg> wanted = new ArrayList<>();
        Set<String> banned = new HashSet<>();
        boolean complete = exact;
        for (Arg arg : expected) {
            String directive = arg instanceof Arg.Word word && word.text().startsWith("$!") ? word.text() : "";
            if (directive.startsWith("$!ban=")) {
                banned.add(directive.substring(6).toLowerCase(Locale.ROOT));
            } else if (directive.equals("$!unordered")) {
                unordered = true;
            } else if (directive.equals("$!noextra")) {
                complete = true;
            } else {
                wanted.add(arg);
            }
        }
        if (actual.stream()
                .anyMatch(
                        a -> a instanceof Arg.Word w && banned.contains(w.text().toLowerCase(Locale.ROOT)))) {
            return false;
        }
        if (unordered) {
            return wanted.stream().allMatch(one -> actual.stream().anyMatch(a -> one(one, a, variables, false)));
        }
        if (actual.size() < wanted.size() || (complete && actual.size() != wanted.size())) {
            return false;
        }
        String before = "";
        for (int i = 0; i < wanted.size(); i++) {
            if (!one(wanted.get(i), actual.get(i), variables, UNORDERED.contains(before))) {
                return false;
            }
            before = wanted.get(i) instanceof Arg.Word word ? word.text().toLowerCase(Locale.ROOT) : "";
        }
        return true;
    }

    private static boolean one(Arg expected, Arg actual, Map<String, String> variables, boolean unordered) {
        return switch (expected) {
            case Arg.Nested(List<Arg> items) -> {
                if (!(actual instanceof Arg.Nested(List<Arg> there))) {
                    yield false;
                }
                yield (unordered && isPairs(items))
                        ? pairs(items, there, variables)
                        : list(items, there, variables, false, unordered);
            }
            case Arg.Word word -> actual instanceof Arg.Word there && word(word, there, variables);
        };
    }

    /** FETCH items are names with values, in any order: {@code (uid 1 flags (...))}. */
    private static boolean isPairs(List<Arg> items) {
        return items.size() % 2 == 0
                && !items.isEmpty()
                && items.getFirst() instanceof Arg.Word word
                && word.text().matches("(?i)(uid|flags|envelope|body.*|internaldate|rfc822.*|bodystructure|binary.*)");
    }

    private static boolean pairs(List<Arg> wanted, List<Arg> actual, Map<String, String> variables) {
        for (int i = 0; i < wanted.size(); i += 2) {
            boolean found = false;
            for (int j = 0; j + 1 < actual.size() && !found; j += 2) {
                found = one(wanted.get(i), actual.get(j), variables, false)
                        && one(wanted.get(i + 1), actual.get(j + 1), variables, isFlags(wanted.get(i)));
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFlags(Arg name) {
        return name instanceof Arg.Word word && word.text().equalsIgnoreCase("flags");
    }

    private static boolean word(Arg.Word expected, Arg.Word actual, Map<String, String> variables) {
        String text = expected.text();
        if (!expected.literal() && text.matches("\\$[a-z][a-z_0-9]*") && !variables.containsKey(text.substring(1))) {
            variables.put(text.substring(1), actual.text());
            return true;
        }
        String wanted = expected.literal() ? text : substitute(text, variables);
        return expected.literal() ? wanted.equals(actual.text()) : wanted.equalsIgnoreCase(actual.text());
    }

    /** {@code $name} and {@code ${name}} by their values, {@code $$} by a dollar. */
    static String substitute(String text, Map<String, String> variables) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '$' || i + 1 == text.length()) {
                result.append(c);
                continue;
            }
            char next = text.charAt(i + 1);
            int end = i + 1;
            if (next == '$') {
                result.append('$');
                i++;
            } else if (next == '{') {
                end = text.indexOf('}', i);
                result.append(variables.getOrDefault(text.substring(i + 2, end), "unbound"));
                i = end;
            } else {
                while (end < text.length()
                        && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
                    end++;
                }
                String name = text.substring(i + 1, end);
                result.append(variables.getOrDefault(name, "$" + name));
                i = end - 1;
            }
        }
        return result.toString();
    }
}
