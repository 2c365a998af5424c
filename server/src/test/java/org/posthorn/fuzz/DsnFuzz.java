package org.posthorn.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.dsn.AutomaticMail;
import org.posthorn.protocol.dsn.AutomaticMailParser;

/** Every message is a bounce, a complaint, an automatic answer or ordinary mail, whatever is in it. */
public final class DsnFuzz {
    private DsnFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            AutomaticMail mail = AutomaticMailParser.parse(MessageContent.of(input));
            if (mail instanceof AutomaticMail.Bounce bounce
                    && bounce.recipients().size() > 1_000) {
                throw new IllegalStateException("more recipients than the limit");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
