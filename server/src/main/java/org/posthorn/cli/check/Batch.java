package org.posthorn.cli.check;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import org.posthorn.json.Json;
import org.posthorn.json.JsonObject;

/** Answers JSON objects, one a line, in order and as each arrives. */
final class Batch {
    private final CheckContext context;
    private final Check check;
    private final int maxLine;

    Batch(CheckContext context, Check check, int maxLine) {
        this.context = context;
        this.check = check;
        this.maxLine = maxLine;
    }

    /** Until the input ends; {@code in} should be buffered. */
    void run(Reader in, PrintWriter out) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                out.println(JsonLine.of(answer(line)));
                out.flush();
                line.setLength(0);
                line.trimToSize();
            } else if (line.length() <= maxLine) {
                line.append((char) c);
            }
        }
        if (!line.isEmpty()) {
            out.println(JsonLine.of(answer(line)));
            out.flush();
        }
    }

    private JsonObject answer(StringBuilder line) {
        if (line.length() > maxLine) {
            return error("a line of more than " + maxLine + " characters");
        }
        try {
            JsonObject question = Json.readObject(line.toString());
            // The memory of a long line is of better use now.
            line.setLength(0);
            line.trimToSize();
            if (question.text("file").filter("-"::equals).isPresent()) {
                return error("standard input is the batch itself");
            }
            return context.run(check, question).details();
        } catch (IllegalArgumentException e) {
            return error(String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            return error(ErrorText.of(e));
        }
    }

    private static JsonObject error(String message) {
        return JsonObject.builder().put("error", message).build();
    }
}
