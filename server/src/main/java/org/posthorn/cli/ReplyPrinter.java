package org.posthorn.cli;

import java.io.PrintStream;
import java.util.List;
import org.posthorn.log.MailLog;
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
            printTable(System.out, reply);
        }
        if (!reply.message().isEmpty()) {
            System.out.println(reply.message());
        }
        return 0;
    }

    private static void printTable(PrintStream out, AdminReply reply) {
        int[] widths = new int[reply.columns().size()];
        measure(widths, reply.columns());
        reply.rows().forEach(row -> measure(widths, row));
        out.println(format(widths, reply.columns()));
        reply.rows().forEach(row -> out.println(format(widths, row)));
    }

    private static void measure(int[] widths, List<String> cells) {
        for (int i = 0; i < Math.min(widths.length, cells.size()); i++) {
            widths[i] = Math.max(widths[i], cells.get(i).length());
        }
    }

    private static String format(int[] widths, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = MailLog.safe(cells.get(i));
            line.append(cell);
            if (i < widths.length && i < cells.size() - 1) {
                line.append(" ".repeat(Math.max(0, widths[i] - cell.length()) + 2));
            }
        }
        return line.toString();
    }
}
