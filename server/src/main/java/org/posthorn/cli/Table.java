package org.posthorn.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.log.MailLog;

/** Prints rows in aligned columns. Their widths are those of the first {@value #MEASURED} rows; those after are printed as they come. */
final class Table {
    private static final int MEASURED = 1000;

    private final PrintStream out;
    private final int[] widths;
    private final List<List<String>> kept = new ArrayList<>();
    private boolean measured;

    /** Nothing is printed before there is a row. */
    Table(PrintStream out, List<String> columns) {
        this.out = out;
        widths = new int[columns.size()];
        keep(columns);
    }

    void row(List<String> cells) {
        if (measured) {
            out.println(format(cells));
        } else {
            keep(cells);
            if (kept.size() > MEASURED) {
                end();
            }
        }
    }

    private void keep(List<String> cells) {
        kept.add(cells);
        for (int i = 0; i < Math.min(widths.length, cells.size()); i++) {
            widths[i] = Math.max(widths[i], cells.get(i).length());
        }
    }

    /** Prints what has not been printed yet, the names of the columns at least. */
    void end() {
        measured = true;
        kept.forEach(row -> out.println(format(row)));
        kept.clear();
    }

    private String format(List<String> cells) {
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
