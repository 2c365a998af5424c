package org.posthorn.protocol.sasl;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import org.posthorn.mail.Address;

/**
 * SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677): client-first, server-first, client-final, server-final.
 * SMTP, IMAP and POP3 cannot send data with success, so server-final is a challenge that an empty response answers.
 */
final class ScramServer implements SaslServer {
    private enum State {
        CLIENT_FIRST,
        CLIENT_FINAL,
        ACKNOWLEDGE,
        DONE
    }

    private final Authenticator authenticator;
    private final Supplier<String> nonces;
    private final byte[] secret;
    private final boolean plus;
    private final ChannelBindings bindings;

    private State state = State.CLIENT_FIRST;
    private String name = "";
    private String authzid = "";
    private Optional<Address> account = Optional.empty();
    private Grant grant = Grant.FOR_GOOD;
    private ScramKeys keys = NO_KEYS;
    private String nonce = "";
    private String expectedBinding = "";
    private String authMessageStart = "";

    private static final ScramKeys NO_KEYS = new ScramKeys(new byte[1], 4096, new byte[32], new byte[32]);

    ScramServer(
            Authenticator authenticator,
            Supplier<String> nonces,
            byte[] secret,
            boolean plus,
            ChannelBindings bindings) {
        this.authenticator = authenticator;
        this.nonces = nonces;
        this.secret = secret;
        this.plus = plus;
        this.bindings = bindings;
    }

    @Override
    public SaslStep.Challenge firstChallenge() {
        return new SaslStep.Challenge("");
    }

    @Override
    public SaslStep step(byte[] response) {
        State now = state;
        state = State.DONE;
        if (response.length > MAX_RESPONSE) {
            return Passwords.syntax(name, "response too long");
        }
        try {
            String text = Utf8.decode(response);
            return switch (now) {
                case CLIENT_FIRST -> clientFirst(ScramMessages.ClientFirst.parse(text));
                case CLIENT_FINAL -> clientFinal(ScramMessages.ClientFinal.parse(text));
                case ACKNOWLEDGE -> acknowledge(text);
                case DONE -> Passwords.syntax(name, "exchange is over");
            };
        } catch (SaslSyntaxException e) {
            return Passwords.syntax(name, e.getMessage());
        }
    }

    private SaslStep clientFirst(ScramMessages.ClientFirst first) {
        name = LoginNames.checked(first.name());
        authzid = first.authzid();
        Optional<byte[]> channel = Optional.empty();
        switch (first.binding()) {
            case UNSUPPORTED -> {
                if (plus) {
                    return Passwords.syntax(name, "no channel binding with a -PLUS mechanism");
                }
            }
            case NOT_OFFERED -> {
                // RFC 5802 6: the client could bind but saw no -PLUS; if we did offer it, somebody removed it on the
                // way.
                if (plus || !bindings.isEmpty()) {
                    return Passwords.credentials(name, "channel binding was downgraded on the way");
                }
            }
            case USED -> {
                channel = bindings.data(first.bindingType());
                if (!plus || channel.isEmpty()) {
                    return Passwords.credentials(name, "unsupported channel binding " + first.bindingType());
                }
            }
        }
        switch (authenticator.scramKeys(name)) {
            case Authenticator.Lookup.Found(var address, var found, var given) -> {
                account = Optional.of(address);
                grant = given;
                keys = found;
            }
            case Authenticator.Lookup.Unknown() -> keys = fakeKeys();
            case Authenticator.Lookup.Unavailable(var cause) -> {
                return new SaslStep.Failure(SaslStep.Reason.TEMPORARY, name, cause);
            }
        }
        return serverFirst(first, channel);
    }

    private SaslStep serverFirst(ScramMessages.ClientFirst first, Optional<byte[]> channel) {
        nonce = first.nonce() + nonces.get();
        expectedBinding = encodedBinding(first.gs2Header(), channel);
        String challenge =
                "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(keys.salt()) + ",i=" + keys.iterations();
        authMessageStart = first.bare() + "," + challenge + ",";
        state = State.CLIENT_FINAL;
        return new SaslStep.Challenge(challenge);
    }

    private static String encodedBinding(String gs2Header, Optional<byte[]> channel) {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        input.writeBytes(gs2Header.getBytes(StandardCharsets.UTF_8));
        channel.ifPresent(input::writeBytes);
        return Base64.getEncoder().encodeToString(input.toByteArray());
    }

    /** Keys that no proof fits, with a salt that is the same each time and for each spelling: an unknown name looks like a known one. */
    private ScramKeys fakeKeys() {
        String identity = authenticator.identity(name);
        int iterations = authenticator.iterations(identity);
        // A new password brings both a new count and a new salt.
        byte[] salt =
                Arrays.copyOf(ScramKeys.hmac(secret, "salt " + iterations + " " + identity), ScramKeys.SALT_LENGTH);
        byte[] key = ScramKeys.hmac(secret, "key " + identity);
        return new ScramKeys(salt, iterations, key, key);
    }

    private SaslStep clientFinal(ScramMessages.ClientFinal last) {
        if (!constantTimeEquals(last.nonce(), nonce)) {
            return Passwords.credentials(name, "nonce does not match");
        }
        if (!constantTimeEquals(last.binding(), expectedBinding)) {
            return Passwords.credentials(name, "channel binding does not match");
        }
        String authMessage = authMessageStart + last.withoutProof();
        if (!keys.accepts(last.proofOctets(), authMessage) || account.isEmpty()) {
            return Passwords.credentials(name, "no such account or wrong password");
        }
        SaslStep authorized = Identities.authorize(authzid, new SaslStep.Success(account.get(), name, grant));
        if (authorized instanceof SaslStep.Failure) {
            return authorized;
        }
        state = State.ACKNOWLEDGE;
        return new SaslStep.Challenge("v=" + Base64.getEncoder().encodeToString(keys.serverSignature(authMessage)));
    }

    private SaslStep acknowledge(String text) {
        if (!text.isEmpty()) {
            return Passwords.syntax(name, "expected an empty response");
        }
        return account.<SaslStep>map(address -> new SaslStep.Success(address, name, grant))
                .orElseGet(() -> Passwords.credentials(name, "no such account or wrong password"));
    }

    private static boolean constantTimeEquals(String left, String right) {
        return MessageDigest.isEqual(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }
}
