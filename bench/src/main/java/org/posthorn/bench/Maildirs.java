package org.posthorn.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** The Maildirs below a directory. */
final class Maildirs {
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final Duration SETTLE = Duration.ofMillis(2100);

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

    /**
     * Takes all mail away: Maildirs as a whole where the server makes them anew (Dovecot), else the messages in them. Nothing is
     * deleted before {@link #discard}: for some seconds ext4 lets new files not have the place of deleted ones, and looking at
     * thousands of those would be counted as work of the server that is measured next.
     */
    static void empty(Target target) throws IOException, InterruptedException {
        Path aside = Files.createDirectories(aside(target));
        for (Path folder : folders(target.mail())) {
            if (target.name().equals("peers")) {
                Path maildir = folder.resolveSibling("");
                if (Files.exists(maildir)) {
                    Files.move(maildir, fresh(aside));
                }
            } else {
                moveFiles(folder, aside);
            }
        }
        // Dovecot trusts the times of directories, which count in seconds.
        Thread.sleep(SETTLE);
    }

    private static void moveFiles(Path folder, Path aside) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(files::add);
        }
        for (Path file : files) {
            Files.move(file, fresh(aside));
        }
    }

    private static Path fresh(Path aside) {
        return aside.resolve(Long.toString(NUMBERS.incrementAndGet(), 36) + "."
                + ProcessHandle.current().pid());
    }

    private static Path aside(Target target) {
        return target.mail().resolveSibling("removed");
    }

    /** Deletes what {@link #empty} has put aside. */
    static void discard(Target target) throws IOException, InterruptedException {
        if (new ProcessBuilder("rm", "-rf", aside(target).toString())
                        .inheritIO()
                        .start()
                        .waitFor()
                != 0) {
            throw new IOException("could not remove " + aside(target));
        }
    }
}
