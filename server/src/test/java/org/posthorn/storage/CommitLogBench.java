package org.posthorn.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.testing.RecordedLog;

/** A log whose files fail on demand, what it gives back at its opening and what it says. */
abstract class CommitLogBench {
    static final int MIB = 1 << 20;
    static final CommitLogConfig SMALL = new CommitLogConfig(8192, 8192, 2);

    @TempDir
    Path directory;

    final FaultyFiles files = new FaultyFiles();
    final RecordedLog told = new RecordedLog();
    final List<String> replayed = new ArrayList<>();
    final List<LogPosition> damaged = new ArrayList<>();
    final List<String> stamps = new ArrayList<>();

    CommitLog open(CommitLogConfig config, LogFile.Opener opener) throws IOException {
        return open(config, opener, directory);
    }

    CommitLog open(CommitLogConfig config, LogFile.Opener opener, Path place) throws IOException {
        CommitLog log = new CommitLog(place, config, opener, () -> "stamp".getBytes(UTF_8), told);
        replayed.clear();
        damaged.clear();
        stamps.clear();
        log.recover(new CommitLog.Replay() {
            @Override
            public void segment(byte[] stamp) {
                stamps.add(new String(stamp, UTF_8));
            }

            @Override
            public void record(int type, LogPosition position, ByteBuffer payload) {
                replayed.add(type + ":" + UTF_8.decode(payload));
            }

            @Override
            public void damaged(LogPosition position, ByteBuffer octets) {
                assertThat(octets.remaining()).isEqualTo(position.length());
                damaged.add(position);
            }
        });
        return log;
    }

    CommitLog started(CommitLogConfig config) throws IOException {
        CommitLog log = open(config, files);
        log.start();
        return log;
    }

    static LogPosition keep(CommitLog log, String text) throws IOException {
        return log.keep(1, text.getBytes(UTF_8)).await();
    }

    static boolean isKept(CommitLog log) {
        try {
            keep(log, "after");
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
