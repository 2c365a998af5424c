package org.posthorn.intake.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.posthorn.directory.Directory;
import org.posthorn.mail.Address;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;

/** The limits of a header that is submitted, and what is added to it and taken from it. */
class SubmittedHeaderTest {
    private static final Address ALICE = Address.parse("alice@posthorn.test");

    /** Lets alice send as everybody of posthorn.test. */
    private static final Directory DIRECTORY = (Directory) Proxy.newProxyInstance(
            Directory.class.getClassLoader(), new Class<?>[] {Directory.class}, (proxy, method, arguments) -> {
                if (!method.getName().equals("maySendAs")) {
                    throw new UnsupportedOperationException(method.getName());
                }
                return ((Address) arguments[1]).domain().name().equals("posthorn.test");
            });

    private static String judge(List<String> lines) {
        List<HeaderField> fields = lines.stream().map(HeaderField::new).toList();
        SubmittedHeader.Judgement judgement = SubmittedHeader.judge(
                new HeaderScanner.Scanned(fields, Optional.empty(), ""),
                DIRECTORY,
                new SubmittedHeader.Completion(ALICE, OffsetDateTime.parse("2026-11-23T20:00:00+01:00"), "unique"));
        return switch (judgement) {
            case SubmittedHeader.Judgement.Good(SubmittedHeader header) ->
                header.fields().stream().map(field -> field.raw() + "\r\n").collect(Collectors.joining("", "", "\r\n"));
            case SubmittedHeader.Judgement.Bad(var reply) -> reply.toString();
        };
    }

    private static List<String> with(String... lines) {
        List<String> all = new ArrayList<>(List.of("From: alice@posthorn.test", "Date: x", "Message-ID: <1@x>"));
        all.addAll(Arrays.asList(lines));
        return all;
    }

    private static final String KEPT = "From: alice@posthorn.test\r\nDate: x\r\nMessage-ID: <1@x>\r\n";

    @Test
    void completesWhatIsMissingAndNothingElse() {
        assertThat(judge(List.of("From: alice@posthorn.test")).split("\r\n"))
                .containsExactly(
                        "From: alice@posthorn.test",
                        "Date: Mon, 23 Nov 2026 20:00:00 +0100",
                        "Message-ID: <unique@posthorn.test>");
        assertThat(judge(with())).isEqualTo(KEPT + "\r\n");
        assertThat(judge(with("Sender: bob@posthorn.test"))).isEqualTo(KEPT + "Sender: bob@posthorn.test\r\n\r\n");
    }

    /** RFC 5322 3.6.2. */
    @Test
    void severalAuthorsNeedASender() {
        List<String> two = List.of("From: alice@posthorn.test, bob@posthorn.test", "Date: x", "Message-ID: <1@x>");
        assertThat(judge(two)).endsWith("\r\nSender: alice@posthorn.test\r\n\r\n");
        List<String> sent = new ArrayList<>(two);
        sent.add("Sender: bob@posthorn.test");
        assertThat(judge(sent)).doesNotContain("Sender: alice").endsWith("Sender: bob@posthorn.test\r\n\r\n");
    }

    /** RFC 5322 3.6.3, RFC 5321 4.4. */
    @Test
    void takesAwayWhatNobodyShallSee() {
        assertThat(judge(with(
                        "Bcc: secret@example.org",
                        "resent-bcc: secret@example.org",
                        "Return-Path: <x@example.org>",
                        "Cc: bob@posthorn.test")))
                .isEqualTo(KEPT + "Cc: bob@posthorn.test\r\n\r\n");
    }

    @Test
    void hopsAreCounted() {
        String[] hundred = Collections.nCopies(100, "Received: x").toArray(String[]::new);
        assertThat(judge(with(hundred))).startsWith(KEPT);
        String[] more = Collections.nCopies(101, "Received: x").toArray(String[]::new);
        assertThat(judge(with(more))).isEqualTo("554 5.4.6 Too many hops");
    }

    private static String authors(int count) {
        return "From: "
                + IntStream.range(0, count)
                        .mapToObj(i -> "u" + i + "@posthorn.test")
                        .collect(Collectors.joining(", "));
    }

    @Test
    void aHundredAuthorsAreLookedAt() {
        assertThat(judge(List.of(authors(100)))).startsWith("From: u0@posthorn.test, ");
        assertThat(judge(List.of(authors(101)))).isEqualTo("554 5.6.0 No address in the From field");
    }

    /** 16 KiB, with its name. */
    @Test
    void fromAndSenderAreBounded() {
        String from = "From: alice@posthorn.test (";
        assertThat(judge(List.of(from + "x".repeat(16_384 - from.length() - 1) + ")")))
                .startsWith("From: alice@posthorn.test (xxx");
        assertThat(judge(List.of(from + "x".repeat(16_384 - from.length()) + ")")))
                .isEqualTo("554 5.6.0 The From field is too long");
        assertThat(judge(with("Sender: alice@posthorn.test (" + "x".repeat(16_384) + ")")))
                .isEqualTo("554 5.6.0 The Sender field is too long");
    }

    @Test
    void whatIsNoAddressIsShownCutAndPrintable() {
        assertThat(judge(List.of("From: a..b@-\u00e4.example")))
                .startsWith("554 5.6.0 Not an address in the From field: ")
                .isPrintable();
        assertThat(judge(List.of("From: " + "a".repeat(200) + "@posthorn.test")))
                .isEqualTo("554 5.6.0 Not an address in the From field: " + "a".repeat(80));
        assertThat(judge(List.of("From: a@example.org")))
                .isEqualTo("550 5.7.1 alice@posthorn.test may not send as a@example.org");
    }
}
