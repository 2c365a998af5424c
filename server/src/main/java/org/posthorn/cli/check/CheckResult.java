package org.posthorn.cli.check;

import java.util.List;
import org.posthorn.json.JsonObject;

/**
 * An answer.
 *
 * @param word alone on the first line of what people see
 * @param lines what they want to know besides
 * @param details everything known, {@code result} among it
 */
record CheckResult(String word, List<String> lines, JsonObject details) {
    CheckResult {
        lines = List.copyOf(lines);
    }
}
