package org.posthorn.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The Maildirs below a directory. */
final class Maildirs {
    private Maildirs() {}

    /** Files in the new and cur of every inbox. */
    static long count(Path mail) throws IOException {
        long count = 0;
        for (Path folder : folders(mail)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path _ : files) {
                    count++;
                }
            }
        }
        return count;
    }

    /** Waits until so many are there; an error after five minutes. */
    static void await(Path mail, long expected) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        while (true) {
            long there = count(mail);
            if (there >= expected) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(there + " of " + expected + " messages are in " + mail + " after five minutes");
            }
            // A look costs the more the fuller the directories are; what is far off is looked at less often.
            Thread.sleep(expected - there > 500 ? 100 : 20);
        }
    }

    private static List<Path> folders(Path mail) throws IOException {
        List<Path> folders = new ArrayList<>();
        try (Stream<Path> accounts = Files.list(mail)) {
            accounts.forEach(account -> {
                for (String sub : List.of("new", "cur")) {
                    Path folder = account.resolve("Maildir").resolve(sub);
                    if (Files.isDirectory(folder)) {
                        folders.add(folder);
                    }
                }
            });
        }
        return folders;
    }

    /** Deletes the messages of every inbox; the folders stay, so that a running server is not disturbed. */
    static void empty(Path mail) throws IOException {
        try {
            for (Path folder : folders(mail)) {
                try (Stream<Path> files = Files.list(folder)) {
                    files.forEach(file -> {
                        try {
                            Files.deleteIfExists(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
