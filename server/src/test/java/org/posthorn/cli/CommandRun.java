package org.posthorn.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What a command line printed, and how it ended. */
record CommandRun(int status, String out, String err) {
    static CommandRun of(Program program, String... words) {
        return withInput(program, "", words);
    }

    static CommandRun withInput(Program program, String input, String... words) {
        InputStream in = System.in;
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(complaints, true, StandardCharsets.UTF_8));
            int status = PosthornCommand.run(program, words);
            return new CommandRun(
                    status, printed.toString(StandardCharsets.UTF_8), complaints.toString(StandardCharsets.UTF_8));
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
        }
    }

    static CommandRun done(String... lines) {
        return new CommandRun(0, String.join("\n", lines) + "\n", "");
    }

    static CommandRun failed(String line) {
        return new CommandRun(1, "", "posthorn: " + line + "\n");
    }
}
