package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.posthorn.protocol.sasl.ChannelBindings;
import org.posthorn.protocol.sasl.FakeAccounts;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.protocol.sasl.SaslServer;
import org.posthorn.protocol.sasl.SaslStep;

/** Responses of any content, three steps long: nothing is thrown, and nobody gets in without the password. */
public final class SaslFuzz {
    private static final ChannelBindings TLS = ChannelBindings.of(Optional.of(new byte[32]), Optional.empty());
    private static final FakeAccounts ACCOUNTS = new FakeAccounts().with("alice", "not in any corpus 7f31c9");

    private SaslFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        SaslMechanisms mechanisms = new SaslMechanisms(ACCOUNTS, new Random(1), new byte[16]);
        List<String> names = mechanisms.offered(TLS);
        SaslServer server = mechanisms
                .start(names.get((input[0] & 0x7f) % names.size()), TLS)
                .orElseThrow();
        String rest = new String(input, 1, input.length - 1, StandardCharsets.ISO_8859_1);
        for (String response : rest.split("\n", 3)) {
            SaslStep step = (input[0] & 0x80) == 0
                    ? server.step(response.getBytes(StandardCharsets.ISO_8859_1))
                    : server.stepBase64(response);
            if (step instanceof SaslStep.Success) {
                throw new AssertionError("let in without the password");
            }
        }
    }
}
