package org.posthorn.server.milter;

import java.io.IOException;
import java.util.List;
import org.posthorn.protocol.milter.MilterReply;

/** What is done with one message once its header is known. Used by one thread. */
interface MessageTreatment {
    /** The next bytes of the body, in CRLF form. */
    void body(byte[] bytes, int offset, int length) throws IOException;

    /**
     * The message is over: what is to be changed about it, then the reply that settles it.
     *
     * @param progress for what may take long
     */
    List<MilterReply> finish(Progress progress) throws IOException;
}
