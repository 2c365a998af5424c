package org.posthorn.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The {@code nameserver} lines of a resolv.conf, read anew when the file changes. Thread-safe. */
final class ResolvConf {
    private static final int PORT = 53;
    private static final int MAX_SERVERS = 3;
    private static final long CHECK_NANOS = Duration.ofSeconds(5).toNanos();

    private record State(long checkedAt, FileTime modified, List<InetSocketAddress> servers) {}

    private final Path path;
    private volatile State state;

    ResolvConf(Path path) {
        this.path = path;
        this.state = load(System.nanoTime(), modified());
    }

    /** At least one server. */
    List<InetSocketAddress> servers() {
        State current = state;
        long now = System.nanoTime();
        if (now - current.checkedAt >= CHECK_NANOS) {
            FileTime modified = modified();
            current =
                    modified.equals(current.modified) ? new State(now, modified, current.servers) : load(now, modified);
            state = current;
        }
        return current.servers;
    }

    private FileTime modified() {
        try {
            return Files.getLastModifiedTime(path);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    private State load(long now, FileTime modified) {
        try {
            return new State(now, modified, parse(Files.readString(path)));
        } catch (IOException e) {
            return new State(now, modified, parse(""));
        }
    }

    /** As resolv.conf(5): the first three servers count; without any it is the one on this machine. */
    static List<InetSocketAddress> parse(String text) {
        List<InetSocketAddress> servers = new ArrayList<>();
        text.lines().map(line -> line.strip().split("\\s+")).forEach(words -> {
            if (words.length >= 2 && words[0].equals("nameserver") && servers.size() < MAX_SERVERS) {
                try {
                    servers.add(new InetSocketAddress(InetAddress.ofLiteral(words[1]), PORT));
                } catch (IllegalArgumentException e) {
                    // Not an address: the C library skips such a line too.
                }
            }
        });
        return servers.isEmpty()
                ? List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT))
                : List.copyOf(servers);
    }
}
