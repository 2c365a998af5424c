package org.posthorn.server.imap;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.posthorn.net.LineException;

/**
 * IDLE (RFC 2177). The session's thread waits for DONE; a change starts a short-lived thread that tells the client, at most
 * one that waits at a time, so that whoever made the change never waits for this client.
 */
final class IdleCommand {
    private final ImapSession session;
    private final String tag;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private boolean over;

    private IdleCommand(ImapSession session, String tag) {
        this.session = session;
        this.tag = tag;
    }

    static Reply run(ImapSession session, String tag) {
        IdleCommand idle = new IdleCommand(session, tag);
        if (session.hasSelected()) {
            session.selected().mailbox().onChange(idle::changed);
        }
        try {
            idle.begin();
            return idle.untilDone();
        } finally {
            if (session.hasSelected()) {
                session.selected().mailbox().onChange(() -> {});
            }
            idle.end();
        }
    }

    private void begin() {
        session.writing().lock();
        try {
            session.out().line("+ idling");
            // What happened before the listener was there.
            tell();
        } finally {
            session.writing().unlock();
        }
    }

    /** From here on only the session's thread writes. */
    private void end() {
        session.writing().lock();
        try {
            over = true;
        } finally {
            session.writing().unlock();
        }
    }

    private Reply untilDone() {
        long deadline = System.nanoTime() + session.config().idleTimeout().toNanos();
        while (true) {
            try {
                session.connection().readTimeout(session.config().idleNotice());
                if (!session.connection().awaitInput()) {
                    return ended();
                }
                session.connection().readTimeout(Duration.ofSeconds(60));
                String line = session.reader().plainLine();
                return line.equalsIgnoreCase("DONE") ? Reply.ok("IDLE completed") : Reply.bad("Expected DONE");
            } catch (SocketTimeoutException e) {
                if (System.nanoTime() > deadline) {
                    throw timedOut();
                }
                notice();
            } catch (LineException e) {
                return Reply.bad("Expected DONE");
            } catch (IOException e) {
                throw new Disconnected("connection closed by client");
            }
        }
    }

    private Reply ended() {
        if (session.connection().windingDown()) {
            return Reply.ok("IDLE ends");
        }
        throw new Disconnected("connection closed by client");
    }

    private Disconnected timedOut() {
        session.writing().lock();
        try {
            session.out().untagged("BYE Idle for too long");
            session.out().flush();
            return new Disconnected("Idle for too long");
        } finally {
            session.writing().unlock();
        }
    }

    /** Keeps the connection alive through NAT, and shows what other programs put into the mailbox. */
    private void notice() {
        session.writing().lock();
        try {
            session.out().untagged("OK Still here");
            tell();
        } finally {
            session.writing().unlock();
        }
    }

    private void changed() {
        if (!scheduled.getAndSet(true)) {
            Thread.ofVirtual().name("imap-idle-" + session.id() + "-" + tag).start(this::tellOrLeave);
        }
    }

    private void tellOrLeave() {
        session.writing().lock();
        try {
            scheduled.set(false);
            if (!over) {
                tell();
            }
        } catch (Disconnected e) {
            // The session's thread finds the connection broken, too, and ends the session.
            over = true;
        } finally {
            session.writing().unlock();
        }
    }

    private void tell() {
        if (session.hasSelected()) {
            session.announceInIdle();
        }
        session.out().flush();
    }
}
