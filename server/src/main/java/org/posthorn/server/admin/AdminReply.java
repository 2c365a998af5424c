package org.posthorn.server.admin;

import java.util.List;

/**
 * What a command answers.
 *
 * @param message one line for the administrator; "" for none
 * @param columns names of the columns of the rows; empty when the command lists nothing
 */
public record AdminReply(boolean ok, String message, List<String> columns, List<List<String>> rows) {
    public AdminReply {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    public static AdminReply done(String message) {
        return new AdminReply(true, message, List.of(), List.of());
    }

    public static AdminReply failed(String message) {
        return new AdminReply(false, message, List.of(), List.of());
    }

    public static AdminReply table(List<String> columns, List<List<String>> rows) {
        return new AdminReply(true, "", columns, rows);
    }
}
