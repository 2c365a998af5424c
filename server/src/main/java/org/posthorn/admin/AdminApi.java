package org.posthorn.admin;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * What an administrator can do. Closing it gives back what it has opened. Each method may throw IOException where the server, or its
 * files, cannot be reached.
 */
public interface AdminApi extends Closeable {
    /**
     * Has the server read its certificates and configuration again.
     *
     * @return what there is to say about them; empty when all is well
     * @throws AdminException nothing changed
     */
    List<String> reload() throws AdminException, IOException;

    /** The messages on their way. */
    QueueAdmin queue() throws AdminException, IOException;

    /** The domains that mail is received for. */
    DomainAdmin domains() throws AdminException, IOException;

    /** Those who have a mailbox and a login. */
    AccountAdmin accounts() throws AdminException, IOException;

    /** The addresses whose mail goes elsewhere. */
    AliasAdmin aliases() throws AdminException, IOException;

    /** The keys that sign. */
    DkimAdmin dkim() throws AdminException, IOException;

    /** Reports of others about our mail, and ours to them. */
    ReportAdmin reports() throws AdminException, IOException;
}
