package org.posthorn.mail.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.posthorn.mail.MessageContent;
import org.posthorn.testing.Conformance;
import org.posthorn.testing.Json;

/** Real and malformed messages of other projects: ranges are exact, and the structure is what others find, or else we say why not. */
class MimeCorpusTest {
    /** Where another structure than mime4j's is found on purpose. */
    private static final Map<String, String> UNLIKE_MIME4J = Map.of(
            "bounces-sisimai/lhost-x1-02.eml", "mime4j takes the parameter after a missing semicolon into the type",
            "cpython-test_email/msg_33.txt", "mime4j does not read a boundary encoded by RFC 2231",
            "cpython-test_email/msg_39.txt", "of one boundary used on two levels, the inner level's end is the first",
            "mail-parser-malformed/003.eml", "of one boundary used on two levels, the inner level is the first",
            "mime4j-testmsgs/bad-newlines-multiple-parts-base64.msg", "messages in base64 are not looked into",
            "mime4j-testmsgs/base64encoded-rfc822message-nested.msg", "messages in base64 are not looked into",
            "mail-parser-rfc/008.eml", "messages in base64 are not looked into",
            "mime4j-testmsgs/very-very-long-boundary.msg", "a boundary of 7,000 octets is none");

    /** Where other places than mail-parser's are found on purpose. */
    private static final Map<String, String> UNLIKE_MAIL_PARSER = Map.of(
            "mail-parser-rfc/008.crlf.json", "messages in base64 are not looked into",
            "mail-parser-thirdparty/002.crlf.json",
                    "base64: what follows padding is nothing, what is none is passed over",
            "mail-parser-malformed/009.crlf.json", "RFC 2046 5.1.1: a delimiter further out ends the multiparts within",
            "mail-parser-malformed/016.crlf.json",
                    "RFC 2046 5.1.1: a delimiter further out ends the multiparts within");

    @TestFactory
    Stream<DynamicTest> coversEachMessageWithRangesThatMeet() throws IOException {
        return messages()
                .map(file -> named(file, () -> {
                    Parsed parsed = new Parsed(Files.readAllBytes(file));
                    Parsed crlf = new Parsed(Parsed.crlf(parsed.bytes()));
                    for (Parsed form : List.of(parsed, crlf)) {
                        assertThat(form.root().whole()).isEqualTo(new ByteRange(0, form.bytes().length));
                        List<ByteRange> leaves = new ArrayList<>();
                        checkRanges(form, form.root(), leaves);
                        assertThat(MimePart.decode(form.root().encode())).isEqualTo(form.root());
                        try (Reader text = MessageText.whole(MessageContent.of(form.bytes()), form.root())) {
                            assertThat(text.transferTo(Writer.nullWriter())).isPositive();
                        }
                    }
                    assertThat(skeleton(parsed.root()))
                            .as("with LF and with CRLF")
                            .isEqualTo(skeleton(crlf.root()));
                }));
    }

    /** Header and body meet; between the children of a multipart is nothing but delimiters, preamble and epilogue. */
    private static void checkRanges(Parsed parsed, MimePart part, List<ByteRange> leaves) {
        assertThat(part.header().end()).isEqualTo(part.body().start());
        long lines = parsed.text(part.body()).chars().filter(c -> c == '\n').count();
        assertThat(part.lines()).isEqualTo(lines);
        long at = part.body().start();
        for (MimePart child : part.children()) {
            if (part.isMultipart()) {
                assertThat(parsed.text(ByteRange.between(at, child.header().start())))
                        .contains("--");
            } else {
                assertThat(child.whole()).isEqualTo(part.body());
            }
            assertThat(child.header().start()).isGreaterThanOrEqualTo(at);
            at = child.body().end();
            checkRanges(parsed, child, leaves);
        }
        assertThat(at).isLessThanOrEqualTo(part.body().end());
    }

    @TestFactory
    Stream<DynamicTest> findsTheStructureThatMime4jFinds() throws IOException {
        return messages()
                .map(file -> named(file, () -> {
                    byte[] bytes = Parsed.crlf(Files.readAllBytes(file));
                    String ours = skeleton(new Parsed(bytes).root());
                    String theirs = mime4jSkeleton(bytes);
                    String reason = UNLIKE_MIME4J.get(name(file));
                    if (reason == null) {
                        assertThat(ours).isEqualTo(theirs);
                    } else {
                        assertThat(ours).as("no longer true: " + reason).isNotEqualTo(theirs);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> findsThePlacesThatMailParserFinds() throws IOException {
        Path mime = Conformance.require("mime");
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("mail-parser-rfc", "mail-parser-malformed", "mail-parser-thirdparty")) {
            try (Stream<Path> all = Files.list(mime.resolve(folder))) {
                all.filter(file -> file.toString().endsWith(".crlf.json"))
                        .sorted()
                        .forEach(files::add);
            }
        }
        assertThat(files).hasSizeGreaterThanOrEqualTo(23);
        return files.stream()
                .map(json -> named(json, () -> {
                    Path message =
                            json.resolveSibling(json.getFileName().toString().replace(".crlf.json", ".eml"));
                    Parsed parsed = new Parsed(Parsed.crlf(Files.readAllBytes(message)));
                    Map<String, Object> expected = Json.object(Json.read(Files.readString(json)));
                    String reason = UNLIKE_MAIL_PARSER.get(name(json));
                    if (reason == null) {
                        compare(parsed, parsed.root(), Json.array(expected.get("parts")), 0);
                    } else {
                        assertThatThrownBy(() -> compare(parsed, parsed.root(), Json.array(expected.get("parts")), 0))
                                .as("no longer true: " + reason)
                                .isInstanceOf(AssertionError.class);
                    }
                }));
    }

    private static void compare(Parsed parsed, MimePart part, List<Object> parts, int index) throws IOException {
        Map<String, Object> expected = Json.object(parts.get(index));
        assertThat(part.header().start()).isEqualTo(expected.get("offset_header"));
        assertThat(part.body().start()).isEqualTo(expected.get("offset_body"));
        if (!part.isMultipart()) {
            assertThat(part.body().end()).isEqualTo(expected.get("offset_end"));
        }
        Map<String, Object> body = Json.object(expected.get("body"));
        if (body.get("Multipart") instanceof List<?> children) {
            assertThat(part.children()).hasSize(children.size());
            for (int i = 0; i < children.size(); i++) {
                compare(parsed, part.children().get(i), parts, ((Long) children.get(i)).intValue());
            }
        } else if (body.containsKey("Message")) {
            Map<String, Object> message = Json.object(body.get("Message"));
            compare(parsed, part.message().orElseThrow(), Json.array(message.get("parts")), 0);
        } else if (part.type().isText() && (body.get("Text") instanceof String || body.get("Html") instanceof String)) {
            Object text = body.getOrDefault("Text", body.get("Html"));
            // how many characters broken octets are replaced with is each decoder's own affair
            assertThat(text(parsed, part).replaceAll("\uFFFD+", "?"))
                    .isEqualTo(((String) text).replaceAll("\uFFFD+", "?"));
        }
    }

    private static String text(Parsed parsed, MimePart part) throws IOException {
        try (Reader reader = PartContent.text(MessageContent.of(parsed.bytes()), part)) {
            StringWriter text = new StringWriter();
            reader.transferTo(text);
            return text.toString();
        }
    }

    private static Stream<Path> messages() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(Conformance.require("mime"))) {
            all.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().matches(".*([.](json|xml|out|bin|md)|_decoded_.*)"))
                    .forEach(files::add);
        }
        assertThat(files).as("messages in mime").hasSizeGreaterThan(80);
        try (Stream<Path> all = Files.list(Conformance.require("bounces-sisimai"))) {
            all.filter(file -> file.toString().endsWith(".eml")).forEach(files::add);
        }
        assertThat(files).as("messages in all").hasSizeGreaterThan(400);
        return files.stream().sorted();
    }

    /** A test whose failures name the message: reports do not. */
    private static DynamicTest named(Path file, Executable test) {
        return dynamicTest(name(file), () -> {
            try {
                test.execute();
            } catch (AssertionError e) {
                throw new AssertionError(name(file) + ": " + e.getMessage(), e);
            }
        });
    }

    private static String name(Path file) {
        return file.getParent().getFileName() + "/" + file.getFileName();
    }

    /** The types in their nesting. */
    private static String skeleton(MimePart part) {
        StringBuilder text = new StringBuilder(part.type().mediaType());
        if (!part.children().isEmpty()) {
            text.append(part.children().stream()
                    .map(MimeCorpusTest::skeleton)
                    .collect(java.util.stream.Collectors.joining(" ", "(", ")")));
        }
        return text.toString();
    }

    private static String mime4jSkeleton(byte[] bytes) throws Exception {
        MimeTokenStream tokens = new MimeTokenStream(MimeConfig.PERMISSIVE);
        tokens.parse(new ByteArrayInputStream(bytes));
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (EntityState state = tokens.getState(); state != EntityState.T_END_OF_STREAM; state = tokens.next()) {
            switch (state) {
                case T_START_MESSAGE -> {
                    if (depth++ > 0) {
                        text.append(text.toString().endsWith("(") ? "" : " ").append("message/rfc822(");
                    }
                }
                case T_END_MESSAGE -> text.append(--depth > 0 ? ")" : "");
                case T_START_MULTIPART -> append(text, tokens).append('(');
                case T_END_MULTIPART -> text.append(')');
                case T_BODY -> append(text, tokens);
                default -> {}
            }
        }
        return text.toString().replace("()", "").strip();
    }

    private static StringBuilder append(StringBuilder text, MimeTokenStream tokens) {
        String type = tokens.getBodyDescriptor().getMimeType().toLowerCase(Locale.ROOT);
        return text.append(text.isEmpty() || text.toString().endsWith("(") ? "" : " ")
                .append(type);
    }
}
