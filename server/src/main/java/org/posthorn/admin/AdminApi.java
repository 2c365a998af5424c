package org.posthorn.admin;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.posthorn.server.admin.AdminReply;

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

    /** Carries out a command of those that have no type of their own yet. */
    AdminReply run(List<String> words) throws AdminException, IOException;
}
