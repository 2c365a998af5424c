package org.posthorn.cli;

import org.posthorn.server.admin.AdminReply;

/** Shows the answer of a command: its rows in aligned columns on standard output, a refusal on standard error. */
final class ReplyPrinter {
    private ReplyPrinter() {}

    /** Prints a reply; returns the exit status. */
    static int print(AdminReply reply) {
        if (!reply.ok()) {
            System.err.println("posthorn: " + reply.message());
            return 1;
        }
        if (!reply.columns().isEmpty()) {
            Table table = new Table(System.out, reply.columns());
            reply.rows().forEach(table::row);
            table.end();
        }
        if (!reply.message().isEmpty()) {
            System.out.println(reply.message());
        }
        return 0;
    }
}
