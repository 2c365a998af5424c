package org.posthorn.admin;

import java.util.List;
import org.posthorn.server.admin.AdminReply;
import org.posthorn.server.admin.CommandTable;

/** Administration of the parts of this process. Thread-safe where they are. */
public record LocalAdmin(Reload reloading, QueueAdmin queue, CommandTable commands) implements AdminApi {
    /** Reads the configuration again. */
    @FunctionalInterface
    public interface Reload {
        List<String> reload() throws AdminException;
    }

    @Override
    public List<String> reload() throws AdminException {
        return reloading.reload();
    }

    @Override
    public AdminReply run(List<String> words) {
        return commands.run(words);
    }

    @Override
    public void close() {
        // The parts are closed by whoever made them.
    }
}
