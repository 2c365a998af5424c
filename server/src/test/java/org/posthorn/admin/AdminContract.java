package org.posthorn.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.posthorn.admin.AdminException.Kind;
import org.posthorn.mail.Domain;

/** Ways to administer the same parts: on them, and through HTTP on a Unix socket. */
abstract class AdminContract {
    static final Domain HERE = Domain.parse("posthorn.test");
    static final Domain NOWHERE = Domain.parse("nowhere.test");

    @TempDir
    private static Path keyFiles;

    @Parameter
    private boolean overHttp;

    @TempDir
    Path folder;

    AdminParts parts;
    AdminApi admin;

    @BeforeEach
    void open() throws IOException {
        parts = new AdminParts(folder, keyFiles, overHttp);
        admin = parts.admin();
    }

    @AfterEach
    void close() throws IOException {
        admin.close();
        parts.close();
    }

    static void assertRefused(Kind kind, String text, ThrowingCallable work) {
        AdminException e = catchThrowableOfType(AdminException.class, work);
        assertThat(e).as("refused with: " + text).isNotNull();
        assertThat(e.text()).contains(text);
        assertThat(e.kind()).as(e.text()).isEqualTo(kind);
    }
}
