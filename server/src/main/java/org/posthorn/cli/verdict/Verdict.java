package org.posthorn.cli.verdict;

import java.util.List;
import org.posthorn.json.JsonObject;

/**
 * An answer.
 *
 * @param word alone on the first line of what people see
 * @param lines what they want to know besides
 * @param details everything known, {@code result} among it
 */
record Verdict(String word, List<String> lines, JsonObject details) {
    Verdict {
        lines = List.copyOf(lines);
    }
}
