package org.posthorn.server.imap;

import org.posthorn.abuse.CpuTurn;
import org.posthorn.mailbox.SearchPace;

/** A search takes turns with other sessions, and memory from what all sessions may hold; it ends when its client has gone. */
record SessionPace(String account, CpuTurn turn) implements SearchPace {
    @Override
    public void pause() {
        turn.pause();
    }

    @Override
    public Memory take(long octets) {
        return StructureMemory.OF_PROCESS.take(account, octets, turn)::close;
    }
}
