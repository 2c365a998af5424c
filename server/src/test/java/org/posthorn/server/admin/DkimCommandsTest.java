package org.posthorn.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mail.Domain;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.DkimKeyRing;
import org.posthorn.testing.Keys;

/** The life of signing keys as an administrator steers it. */
class DkimCommandsTest {
    private static final InstantSource CLOCK = () -> Instant.parse("2026-03-01T10:20:30.5Z");
    private static final Domain HERE = Domain.parse("posthorn.test");

    /** Shared: making an RSA key takes long, and keys that are there are used again. */
    @TempDir
    private static Path keyFiles;

    @TempDir
    private Path folder;

    private DkimKeyRing keys;
    private final CommandTable table = new CommandTable();

    @BeforeEach
    void open() throws Exception {
        keys = DkimKeyRing.open(folder.resolve("dkim.db"), keyFiles, HERE::equals, CLOCK);
        keys.makeFirst(HERE);
        DkimCommands.addTo(table, keys, key -> "DNS for " + key.selector());
    }

    @AfterEach
    void close() {
        keys.close();
    }

    private AdminReply run(String... words) {
        return table.run(List.of(words));
    }

    private List<String> selectors() {
        return keys.keys(HERE).stream().map(DkimKeyEntry::selector).toList();
    }

    private List<String> states() {
        return run("dkim", "keys", "posthorn.test").rows().stream()
                .map(row -> row.get(2))
                .toList();
    }

    @Test
    void showsKeysAndWhatTheyWaitFor() {
        DkimKeyEntry first = keys.keys(HERE).getFirst();
        AdminReply shown = run("dkim", "keys", "posthorn.test");
        assertThat(shown.ok()).isTrue();
        assertThat(shown.columns()).containsExactly("selector", "algorithm", "state", "since", "waits for", "record");
        assertThat(shown.rows()).hasSize(2);
        assertThat(shown.rows().getFirst())
                .containsExactly(
                        first.selector(),
                        first.algorithm().tag(),
                        "made",
                        "2026-03-01T10:20:30Z",
                        "DNS for " + first.selector(),
                        first.record());
        keys.published(first);
        assertThat(run("dkim", "keys", "posthorn.test").rows().getFirst())
                .contains("published", "DNS for " + first.selector());
        keys.activate(first);
        assertThat(run("dkim", "keys", "posthorn.test").rows())
                .filteredOn(row -> row.getFirst().equals(first.selector()))
                .singleElement()
                .satisfies(row -> assertThat(row.subList(2, 5)).containsExactly("active", "2026-03-01T10:20:30Z", ""));
    }

    @Test
    void activatesAllThatWaitOrTheOneNamed() {
        List<String> made = selectors();
        AdminReply one = run("dkim", "activate", "posthorn.test", made.getLast());
        assertThat(one).isEqualTo(AdminReply.done("signing for posthorn.test with " + made.getLast()));
        assertThat(states()).containsExactlyInAnyOrder("made", "active");
        assertThat(run("dkim", "activate", "posthorn.test").message())
                .isEqualTo("signing for posthorn.test with " + made.getFirst());
        assertThat(states()).containsExactly("active", "active");
        assertThat(run("dkim", "activate", "posthorn.test"))
                .isEqualTo(AdminReply.failed("no key of posthorn.test waits"));
        assertThat(run("dkim", "activate", "posthorn.test", "nosuch"))
                .isEqualTo(AdminReply.failed("there is no key nosuch of posthorn.test"));
    }

    @Test
    void rotatesAndRetires() {
        run("dkim", "activate", "posthorn.test");
        List<String> old = selectors();
        String message = run("dkim", "rotate", "posthorn.test").message();
        List<String> made =
                selectors().stream().filter(name -> !old.contains(name)).toList();
        assertThat(made).hasSize(2);
        assertThat(message)
                .startsWith("new keys of posthorn.test: ")
                .contains(made)
                .endsWith("; they sign once their records are seen in DNS");
        assertThat(run("dkim", "activate", "posthorn.test").message()).contains(made);
        assertThat(states()).containsExactlyInAnyOrder("active", "active", "retired", "retired");
        assertThat(run("dkim", "retire", "posthorn.test", made.getFirst()).message())
                .isEqualTo(made.getFirst() + " of posthorn.test signs no more; leave its record in DNS for a week");
        assertThat(states()).containsExactlyInAnyOrder("active", "retired", "retired", "retired");
        assertThat(run("dkim", "retire", "posthorn.test", "nosuch"))
                .isEqualTo(AdminReply.failed("there is no key nosuch of posthorn.test"));
    }

    @Test
    void takesOverAKeyThatSignsElsewhere() {
        run("dkim", "activate", "posthorn.test");
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(Keys.ED25519.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        assertThat(run("dkim", "adopt", "posthorn.test", "mail2020", pem))
                .isEqualTo(AdminReply.done("signing for posthorn.test with mail2020"));
        assertThat(states()).containsExactlyInAnyOrder("active", "active", "retired");
        AdminReply garbage = run("dkim", "adopt", "posthorn.test", "other", "no key");
        assertThat(garbage.ok()).isFalse();
        assertThat(garbage.message()).isNotEmpty();
        assertThat(run("dkim", "adopt", "elsewhere.test", "mail2020", pem))
                .isEqualTo(AdminReply.failed("domain elsewhere.test is not ours; add it first"));
    }
}
