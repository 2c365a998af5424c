package org.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.mail.Domain;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.DkimKeyFile;
import org.posthorn.signing.DkimKeyRing;
import org.posthorn.testing.OldData;

/** How the states of keys come out of {@code directory.db}, where 603fad7 had them. */
class DomainStoresTest {
    private static final Domain HERE = Domain.parse("example.test");
    private static final InstantSource CLOCK = InstantSource.system();
    private static final List<String> STATES = List.of(
            "ed202611b made 2026-11-30T18:13:12Z",
            "rsa202611b active 2026-11-30T18:13:13Z",
            "ed202611 active 2026-11-30T18:13:05Z",
            "rsa202611 retired 2026-11-30T18:13:13Z");

    @TempDir
    Path above;

    private Path data;

    @BeforeEach
    void unpack() throws IOException {
        data = Files.createDirectory(
                above.resolve("data"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        OldData.unpack("603fad7", data);
    }

    private DomainStores open() throws IOException {
        return DomainStores.open(new DataDirectory(data), PasswordCost.MINIMAL, CLOCK);
    }

    private static List<String> states(DomainStores stores, Domain domain) {
        return stores.keys().keys(domain).stream()
                .map(key -> key.selector() + " " + key.state().text() + " " + key.since())
                .toList();
    }

    private void assertTakenOver() throws Exception {
        try (DomainStores stores = open()) {
            assertThat(states(stores, HERE)).isEqualTo(STATES);
            assertThat(stores.keys().signing(HERE))
                    .extracting(DkimKeyFile::selector)
                    .containsExactly("rsa202611b", "ed202611");
            assertThat(stores.keys().signing(HERE)).allMatch(key -> Files.exists(key.privateKey()));
            assertThat(states(stores, Domain.parse("other.example")))
                    .containsExactly("ed202611 made 2026-11-30T18:13:09Z", "rsa202611 made 2026-11-30T18:13:06Z");
        }
        assertThat(tables()).hasSizeGreaterThan(4).noneMatch(table -> table.contains("dkim_key"));
    }

    private List<String> tables() throws SQLException {
        return OldData.schema(data.resolve("directory.db"));
    }

    @Test
    void takesTheStatesOverOnce() throws Exception {
        assertTakenOver();
        assertTakenOver();
    }

    /** Where a process was killed. */
    enum Killed {
        BEFORE_ANYTHING_IS_WRITTEN,
        WITH_THE_NEW_FILE_EMPTY,
        WITH_NO_STATES_IN_IT,
        WITH_THE_STATES_IN_BOTH,
        WITH_THE_DIRECTORY_OF_THE_NEW_VERSION
    }

    @ParameterizedTest
    @EnumSource
    void goesOnWhereItWasKilled(Killed killed) throws Exception {
        switch (killed) {
            case BEFORE_ANYTHING_IS_WRITTEN -> {}
            case WITH_THE_NEW_FILE_EMPTY -> Files.createFile(data.resolve("dkim.db"));
            case WITH_NO_STATES_IN_IT ->
                DkimKeyRing.open(data.resolve("dkim.db"), data.resolve("dkim"), _ -> true, CLOCK)
                        .close();
            case WITH_THE_STATES_IN_BOTH -> {
                open().close();
                putBackTheDirectory();
            }
            case WITH_THE_DIRECTORY_OF_THE_NEW_VERSION ->
                LocalDirectory.open(data.resolve("directory.db"), PasswordCost.MINIMAL, CLOCK)
                        .close();
        }
        assertThat(tables()).as("not removed before they are safe").anyMatch(table -> table.contains("dkim_key"));
        assertTakenOver();
    }

    @Test
    void takesNothingAwayBeforeItIsSafe() throws Exception {
        DkimKeyRing.open(data.resolve("dkim.db"), data.resolve("dkim"), _ -> true, CLOCK)
                .close();
        OldData.change(
                data.resolve("dkim.db"),
                "CREATE TRIGGER full BEFORE INSERT ON dkim_key BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
        assertThatThrownBy(this::open).hasMessageContaining("disk is full");
        OldData.change(data.resolve("dkim.db"), "DROP TRIGGER full");
        assertTakenOver();
    }

    private void putBackTheDirectory() throws IOException {
        Path old = Files.createDirectory(above.resolve("old"));
        OldData.unpack("603fad7", old);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(old, "directory.db*")) {
            for (Path file : files) {
                Files.copy(file, data.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** As with a directory that is put back from a copy. */
    @Test
    void statesThatHaveMovedOnSinceStay() throws Exception {
        try (DomainStores stores = open()) {
            DkimKeyEntry waiting = stores.keys().keys(HERE).getFirst();
            stores.keys().activate(waiting);
        }
        putBackTheDirectory();
        try (DomainStores stores = open()) {
            assertThat(stores.keys().signing(HERE))
                    .extracting(DkimKeyFile::selector)
                    .containsExactly("rsa202611b", "ed202611b");
        }
    }

    /** Its states would be gone from under it. */
    @Test
    void takesNothingOverFromAServerThatRuns() throws Exception {
        try (DataLock _ = DataLock.take(new DataDirectory(data)).orElseThrow()) {
            Map<String, String> before = OldData.files(data);
            assertThatIOException()
                    .isThrownBy(() -> DomainStores.openShared(new DataDirectory(data), PasswordCost.MINIMAL, CLOCK))
                    .withMessageContaining("is of an earlier release: restart it");
            assertThat(OldData.files(data)).isEqualTo(before);
        }
        DomainStores.openShared(new DataDirectory(data), PasswordCost.MINIMAL, CLOCK)
                .close();
        assertTakenOver();
        try (DataLock _ = DataLock.take(new DataDirectory(data)).orElseThrow()) {
            DomainStores.openShared(new DataDirectory(data), PasswordCost.MINIMAL, CLOCK)
                    .close();
        }
    }
}
