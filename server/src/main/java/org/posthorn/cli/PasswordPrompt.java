package org.posthorn.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Asks for passwords: at the terminal twice and unseen, or one line from standard input. Never from the command line, which others can read. */
final class PasswordPrompt {
    private PasswordPrompt() {}

    static String ask(boolean fromStandardInput) throws IOException {
        return fromStandardInput ? readLine() : prompt();
    }

    private static String readLine() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        return Optional.ofNullable(in.readLine())
                .filter(line -> !line.isEmpty())
                .orElseThrow(() -> new IllegalArgumentException("no password on standard input"));
    }

    private static String prompt() {
        Console console = Terminal.find()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no terminal to ask for the password; give it with --password-stdin"));
        char[] first = console.readPassword("Password: ");
        char[] second = console.readPassword("Again: ");
        if (first == null || first.length == 0 || !Arrays.equals(first, second)) {
            throw new IllegalArgumentException("the passwords differ, or there was none");
        }
        return new String(first);
    }
}
