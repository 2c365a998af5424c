package org.posthorn.server.imap;

import java.util.Set;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Message;
import org.posthorn.protocol.imap.FlagList;
import org.posthorn.protocol.imap.FlagList.SystemFlag;
import org.posthorn.protocol.imap.ResponseBuffer;

/** Flags between the wire and the store. */
final class FlagText {
    private static final SystemFlag[] SYSTEM = SystemFlag.values();
    private static final String ALL = "\\Answered \\Flagged \\Deleted \\Seen \\Draft";

    private FlagText() {}

    static int bit(SystemFlag flag) {
        return switch (flag) {
            case SEEN -> Flags.SEEN;
            case ANSWERED -> Flags.ANSWERED;
            case FLAGGED -> Flags.FLAGGED;
            case DELETED -> Flags.DELETED;
            case DRAFT -> Flags.DRAFT;
        };
    }

    static boolean has(Flags flags, SystemFlag flag) {
        return flags.has(bit(flag));
    }

    static Flags flags(FlagList list) {
        int system = 0;
        for (SystemFlag flag : list.system()) {
            system |= bit(flag);
        }
        return list.keywords().isEmpty() ? Flags.of(system) : new Flags(system, Set.copyOf(list.keywords()));
    }

    /** {@code FLAGS (\Seen $Forwarded)}. */
    static void write(ResponseBuffer out, Flags flags, boolean recent) {
        out.text("FLAGS (");
        String separator = "";
        for (SystemFlag flag : SYSTEM) {
            if (has(flags, flag)) {
                out.text(separator).text(flag.text());
                separator = " ";
            }
        }
        if (recent) {
            out.text(separator).text("\\Recent");
            separator = " ";
        }
        for (String keyword : flags.keywords()) {
            out.text(separator).text(keyword);
            separator = " ";
        }
        out.character(')');
    }

    /** {@code * 3 FETCH (FLAGS (\Seen))}. */
    static void fetch(Responses out, int sequence, Message message, boolean recent, boolean withUid) {
        ResponseBuffer buffer = out.buffer().text("* ").number(sequence).text(" FETCH (");
        if (withUid) {
            buffer.text("UID ").number(message.uid()).space();
        }
        write(buffer, message.flags(), recent);
        buffer.character(')');
        out.endOfLine();
    }

    /** FLAGS and PERMANENTFLAGS of a mailbox (RFC 3501 7.2.6, 7.1). */
    static void available(Responses out, Set<String> keywords, boolean readOnly) {
        String all = keywords.isEmpty() ? ALL : ALL + " " + String.join(" ", keywords);
        out.untagged("FLAGS (" + all + ")");
        String permanent = readOnly ? "()" : "(" + all + " \\*)";
        out.untagged("OK [PERMANENTFLAGS " + permanent + "] Flags that are kept");
    }
}
