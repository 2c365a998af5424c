package org.posthorn.stress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Another program at the same Maildir, as mutt or a script would be: it renames, moves and removes files, and knows of no server. One thread. */
final class OtherProgram {
    private static final int ATTEMPTS = 10;

    private final Path maildir;
    private final Random random;
    private final Ledger ledger;
    private int made;

    OtherProgram(Path maildir, long seed, Ledger ledger) {
        this.maildir = maildir;
        this.random = new Random(seed * 1000 + 999);
        this.ledger = ledger;
    }

    void play(long untilNanos) {
        while (System.nanoTime() - untilNanos < 0) {
            try {
                step();
                Thread.sleep(random.nextInt(60));
            } catch (NoSuchFileException e) {
                // The server was faster.
            } catch (IOException e) {
                ledger.fault("the other program: " + e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void step() throws IOException {
        Path folder = pick(folders());
        switch (random.nextInt(12)) {
            case 0, 1 -> deliver(folder);
            case 2, 3, 4, 5 -> rename(folder);
            case 6, 7 -> toNew(folder);
            case 8, 9 -> Files.deleteIfExists(pick(files(folder)));
            case 10 -> {
                Path file = pick(files(folder));
                // Letters mean other keywords in another folder.
                String flags =
                        file.getFileName().toString().replaceAll("^.*:2,", "").replaceAll("[^A-Z]", "");
                Files.move(
                        file,
                        pick(folders()).resolve("cur").resolve(freshName() + ":2," + flags),
                        StandardCopyOption.ATOMIC_MOVE);
            }
            default -> madeOrRemoved();
        }
        ledger.sent("other program");
    }

    private Path pick(List<Path> paths) throws IOException {
        if (paths.isEmpty()) {
            throw new NoSuchFileException("nothing");
        }
        return paths.get(random.nextInt(paths.size()));
    }

    private List<Path> folders() throws IOException {
        List<Path> folders = new ArrayList<>(List.of(maildir));
        try (Stream<Path> all = Files.list(maildir)) {
            all.filter(path -> path.getFileName().toString().startsWith(".stress"))
                    .forEach(folders::add);
        }
        return folders;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("cur"))) {
            return all.toList();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private String freshName() {
        return System.currentTimeMillis() / 1000 + ".P" + ++made + "R" + random.nextInt(1_000_000) + ".elsewhere";
    }

    private void deliver(Path folder) throws IOException {
        String name = freshName();
        String text = Post.write("other program " + name, random).replace("\r\n", "\n");
        Files.write(folder.resolve("tmp").resolve(name), text.getBytes(ISO_8859_1));
        Files.move(
                folder.resolve("tmp").resolve(name),
                folder.resolve("new").resolve(name),
                StandardCopyOption.ATOMIC_MOVE);
    }

    /** Sets or takes away a flag. */
    private void rename(Path folder) throws IOException {
        Path file = pick(files(folder));
        String name = file.getFileName().toString();
        int info = name.indexOf(":2,");
        if (info < 0) {
            return;
        }
        String flag = String.valueOf("FRS".charAt(random.nextInt(3)));
        String flags = name.substring(info + 3);
        String changed = flags.contains(flag) ? flags.replace(flag, "") : sorted(flags + flag);
        Files.move(file, file.resolveSibling(name.substring(0, info + 3) + changed), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String sorted(String letters) {
        return letters.chars()
                .sorted()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Marks as new, as mutt does. */
    private void toNew(Path folder) throws IOException {
        Path file = pick(files(folder));
        String name = file.getFileName().toString();
        int info = name.indexOf(":2,");
        String bare = info < 0
                ? name
                : name.substring(0, info) + ":2," + name.substring(info + 3).replace("S", "");
        Files.move(file, folder.resolve("new").resolve(bare), StandardCopyOption.ATOMIC_MOVE);
    }

    private void madeOrRemoved() throws IOException {
        Path folder = maildir.resolve(".stress" + (2 + random.nextInt(5)));
        if (!Files.isDirectory(folder)) {
            for (String part : List.of("tmp", "new", "cur")) {
                Files.createDirectories(folder.resolve(part));
            }
        } else if (random.nextInt(4) == 0) {
            Path aside = maildir.resolve("..removed-" + ++made);
            Files.move(folder, aside, StandardCopyOption.ATOMIC_MOVE);
            removeAll(aside);
        }
    }

    /** As rm -r does, which begins anew where something was put in on the way. */
    private static void removeAll(Path folder) throws IOException {
        for (int attempt = 0; Files.exists(folder); attempt++) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            } catch (DirectoryNotEmptyException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
