package org.posthorn.dns;

import java.io.IOException;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/** The servers' answers as they are; secure when a server on this machine says so, if that is trusted. Thread-safe. */
final class UnvalidatedSource implements LookUp.Source {
    private final Servers servers;
    private final boolean trustAd;

    UnvalidatedSource(Servers servers, boolean trustAd) {
        this.servers = servers;
        this.trustAd = trustAd;
    }

    @Override
    public LookUp.Reply ask(Name name, int type) throws IOException {
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        if (trustAd) {
            // RFC 6840 5.7: asks for the AD bit without asking for the signatures.
            query.getHeader().setFlag(Flags.AD);
        }
        Servers.Reply reply = servers.ask(query, false);
        // RFC 6840 5.8: the AD bit counts only where the way to the server is safe.
        boolean secure = trustAd
                && reply.message().getHeader().getFlag(Flags.AD)
                && reply.server().getAddress().isLoopbackAddress();
        return new LookUp.Reply(reply.message(), secure);
    }
}
