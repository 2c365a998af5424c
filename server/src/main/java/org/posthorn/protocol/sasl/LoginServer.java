package org.posthorn.protocol.sasl;

/** LOGIN (draft-murchison-sasl-login-00): name and password asked for one after the other, for old clients. */
final class LoginServer implements SaslServer {
    private enum State {
        NAME,
        PASSWORD,
        DONE
    }

    private final Authenticator authenticator;
    private State state = State.NAME;
    private String name = "";

    LoginServer(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public SaslStep.Challenge firstChallenge() {
        return new SaslStep.Challenge("Username:");
    }

    @Override
    public SaslStep step(byte[] response) {
        State now = state;
        state = State.DONE;
        if (response.length > MAX_RESPONSE) {
            return Passwords.syntax(name, "response too long");
        }
        String text;
        try {
            text = Utf8.decode(response);
        } catch (SaslSyntaxException e) {
            return Passwords.syntax(name, e.getMessage());
        }
        return switch (now) {
            case NAME -> {
                name = text;
                state = State.PASSWORD;
                yield new SaslStep.Challenge("Password:");
            }
            case PASSWORD -> Passwords.check(authenticator, name, text);
            case DONE -> Passwords.syntax(name, "exchange is over");
        };
    }
}
