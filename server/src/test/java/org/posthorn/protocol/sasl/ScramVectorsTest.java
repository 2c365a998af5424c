package org.posthorn.protocol.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.posthorn.testing.Conformance;
import org.posthorn.testing.Json;

/** Exchanges that others have published: our server says what theirs said. */
class ScramVectorsTest {
    @Test
    void answersAsInTheirExchanges() throws Exception {
        String text = Files.readString(Conformance.require("scram").resolve("vectors.json"));
        int played = 0;
        for (Object entry : Json.array(Json.read(text))) {
            Map<String, Object> vector = Json.object(entry);
            // SCRAM-SHA-1 is not offered: its hash is too weak for what RFC 7677 asks for.
            if (vector.get("mechanism").equals("SCRAM-SHA-256")) {
                play(vector);
                played++;
            }
        }
        assertThat(played).isPositive();
    }

    private static void play(Map<String, Object> vector) {
        String serverFirst = text(vector, "server_first");
        String[] parts = serverFirst.split(",", -1);
        String clientFirst = text(vector, "client_first");
        String clientNonce = clientFirst.substring(clientFirst.indexOf(",r=") + 3);
        String serverNonce = parts[0].substring(2 + clientNonce.length());
        FakeAccounts accounts = new FakeAccounts(
                        Base64.getDecoder().decode(parts[1].substring(2)), Integer.parseInt(parts[2].substring(2)))
                .with(text(vector, "user"), text(vector, "password"));
        SaslServer server = new ScramServer(accounts, () -> serverNonce, new byte[16], false, ChannelBindings.NONE);
        assertThat(step(server, clientFirst)).isEqualTo(new SaslStep.Challenge(serverFirst));
        assertThat(step(server, text(vector, "client_final")))
                .isEqualTo(new SaslStep.Challenge(text(vector, "server_final")));
        assertThat(step(server, "")).isInstanceOf(SaslStep.Success.class);
    }

    private static String text(Map<String, Object> vector, String name) {
        return String.valueOf(vector.get(name));
    }

    private static SaslStep step(SaslServer server, String message) {
        return server.step(message.getBytes(StandardCharsets.UTF_8));
    }
}
