package org.posthorn.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * A server under load: where it listens on 127.0.0.1, its users {@code userN@domain} with passwords {@code secret-N}, and its processes.
 *
 * @param milter where it signs the mail of other MTAs
 * @param milterDomain whose mail it signs there, with one RSA key of 2,048 bits
 * @param mail the directory above the Maildirs
 * @param roots process ids whose trees make up the server
 */
record Target(
        String name,
        String domain,
        int smtp,
        int submission,
        int imap,
        int imaps,
        int pop3,
        int milter,
        String milterDomain,
        int users,
        Path mail,
        List<Long> roots) {
    String user(int i) {
        return "user" + (i % users + 1) + "@" + domain;
    }

    String password(int i) {
        return "secret-" + (i % users + 1);
    }
}
