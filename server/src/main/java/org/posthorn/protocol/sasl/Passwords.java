package org.posthorn.protocol.sasl;

/** The common end of all mechanisms that send the password itself. */
final class Passwords {
    private Passwords() {}

    static SaslStep check(Authenticator authenticator, String name, String password) {
        if (name.isEmpty() || password.isEmpty()) {
            return credentials(name, "empty name or password");
        }
        String preparedName;
        String preparedPassword;
        try {
            preparedName = LoginNames.checked(name);
            preparedPassword = SaslPrep.query(password);
        } catch (SaslSyntaxException e) {
            return credentials(name, "name or password has prohibited characters");
        }
        return switch (authenticator.verify(preparedName, preparedPassword)) {
            case Authenticator.Outcome.Valid(var account, var grant) ->
                new SaslStep.Success(account, preparedName, grant);
            case Authenticator.Outcome.Invalid() -> credentials(preparedName, "no such account or wrong password");
            case Authenticator.Outcome.Unavailable(var cause) ->
                new SaslStep.Failure(SaslStep.Reason.TEMPORARY, preparedName, cause);
        };
    }

    static SaslStep.Failure credentials(String name, String detail) {
        return new SaslStep.Failure(SaslStep.Reason.CREDENTIALS, name, detail);
    }

    static SaslStep.Failure syntax(String name, String detail) {
        return new SaslStep.Failure(SaslStep.Reason.SYNTAX, name, detail);
    }
}
