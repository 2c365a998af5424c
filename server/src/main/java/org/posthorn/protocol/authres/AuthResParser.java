package org.posthorn.protocol.authres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.mail.HeaderLexer;

/** Reads the grammar of RFC 8601 2.2. Used by one thread. */
final class AuthResParser {
    private static final String TSPECIALS = "()<>@,;:\\\"/[]?=";

    private final HeaderLexer in;

    AuthResParser(String value) {
        this.in = new HeaderLexer(value);
    }

    AuthenticationResults payload() {
        String authservId = value(";");
        in.skipComments();
        if (Character.isDigit(in.peek())) {
            require(in.runUntil(";").equals("1"), "a known version");
            in.skipComments();
        }
        List<MethodResult> results = new ArrayList<>();
        while (in.take(';')) {
            in.skipComments();
            in.takeComment();
            String method = keyword("=/");
            in.skipComments();
            if (results.isEmpty() && in.atEnd() && method.equalsIgnoreCase("none")) {
                return new AuthenticationResults(authservId, List.of());
            }
            require(results.size() < AuthenticationResults.MAX_RESULTS, "fewer results");
            results.add(result(method));
        }
        require(in.atEnd() && !results.isEmpty(), "a result or the end");
        return new AuthenticationResults(authservId, results);
    }

    private MethodResult result(String method) {
        if (in.take('/')) {
            in.skipComments();
            require(in.runUntil("=").chars().allMatch(Character::isDigit), "a method's version");
            in.skipComments();
        }
        require(in.take('='), "an equals sign");
        in.skipComments();
        String result = keyword(";=");
        in.takeComment();
        in.skipComments();
        Optional<String> comment = Optional.of(in.takeComment()).filter(text -> !text.isEmpty());
        Optional<String> reason = Optional.empty();
        List<Property> properties = new ArrayList<>();
        while (!in.atEnd() && in.peek() != ';') {
            String name = keyword(".=");
            in.skipComments();
            if (name.equalsIgnoreCase("reason") && reason.isEmpty() && properties.isEmpty() && in.take('=')) {
                reason = Optional.of(value(";"));
            } else {
                require(properties.size() < MethodResult.MAX_PROPERTIES, "fewer properties");
                properties.add(property(name));
            }
            in.skipComments();
        }
        return new MethodResult(method, result, reason, comment, properties);
    }

    private Property property(String type) {
        require(in.take('.'), "a full stop after a property's type");
        in.skipComments();
        String name = keyword("=");
        in.skipComments();
        require(in.take('='), "an equals sign");
        return new Property(type.toLowerCase(Locale.ROOT), name, propertyValue());
    }

    /** What the world writes here: mostly an address, a domain or a token, but base64 and IPv6 addresses too. */
    private String propertyValue() {
        in.skipComments();
        if (in.peek() != '"') {
            String run = in.runUntil(";");
            require(!run.isEmpty() && run.chars().allMatch(c -> c > ' ' && c != 0x7f), "a value");
            return run;
        }
        String quoted = value(";");
        // a quoted local part
        return in.peek() == '@' ? quoted + in.runUntil(";") : quoted;
    }

    private String value(String ends) {
        in.skipComments();
        if (in.peek() == '"') {
            int start = in.position();
            String content = in.quotedString();
            require(in.position() - start >= 2 && isClosed(in.slice(start, in.position())), "a closing quotation mark");
            return content;
        }
        String token = in.runUntil(ends);
        require(!token.isEmpty() && token.chars().allMatch(AuthResParser::isToken), "a value");
        return token;
    }

    private static boolean isClosed(String quoted) {
        int backslashes = 0;
        for (int i = quoted.length() - 2; i > 0 && quoted.charAt(i) == '\\'; i--) {
            backslashes++;
        }
        return quoted.endsWith("\"") && backslashes % 2 == 0;
    }

    private String keyword(String ends) {
        String word = in.runUntil(ends);
        require(isKeyword(word), "a keyword");
        return word;
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AuthResSyntaxException(what + " was expected");
        }
    }

    /** The authserv-id, or what stands in its place. */
    String claimedId() {
        in.skipComments();
        return in.peek() == '"' ? in.quotedString().strip() : in.runUntil(";");
    }

    /** All that stands before the first semicolon, for readers who drop comments, quotes and white space before they look. */
    String claimedByTheLenient() {
        StringBuilder id = new StringBuilder();
        in.skipComments();
        while (!in.atEnd() && in.peek() != ';') {
            if (in.peek() == '"') {
                id.append(in.quotedString().strip());
            } else {
                id.append(in.runUntil(";"));
            }
            in.skipComments();
        }
        return id.toString();
    }

    /** Behind the authserv-id: whether the version is the one of RFC 8601, which is implied where there is none (2.2). */
    boolean hasKnownVersion() {
        in.skipComments();
        String version = in.runUntil(";");
        return version.isEmpty() || !version.chars().allMatch(c -> c >= '0' && c <= '9') || version.equals("1");
    }

    /** RFC 5321 4.1.2 Keyword, and the underscore, which is in use. */
    static boolean isKeyword(String word) {
        return !word.isEmpty()
                && !word.endsWith("-")
                && word.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || c == '-'
                                || c == '_');
    }

    /** RFC 2045 5.1, and characters above 127 (RFC 8616 6). */
    static boolean isToken(int c) {
        return c > ' ' && (c < 0x7f ? TSPECIALS.indexOf(c) < 0 : c >= 0xa0 && !Character.isSurrogate((char) c));
    }
}
