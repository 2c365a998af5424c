package org.posthorn.protocol.sasl;

/** PLAIN (RFC 4616): {@code [authzid] NUL authcid NUL password}. */
final class PlainServer implements SaslServer {
    private final Authenticator authenticator;
    private boolean done;

    PlainServer(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public SaslStep.Challenge firstChallenge() {
        return new SaslStep.Challenge("");
    }

    @Override
    public SaslStep step(byte[] response) {
        if (done || response.length > MAX_RESPONSE) {
            return Passwords.syntax("", done ? "exchange is over" : "response too long");
        }
        done = true;
        String message;
        try {
            message = Utf8.decode(response);
        } catch (SaslSyntaxException e) {
            return Passwords.syntax("", e.getMessage());
        }
        String[] parts = message.split("\0", -1);
        if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
            return Passwords.syntax("", "not authzid NUL authcid NUL password");
        }
        return Identities.authorize(parts[0], Passwords.check(authenticator, parts[1], parts[2]));
    }
}
