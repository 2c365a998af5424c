package org.posthorn.protocol.sasl;

import java.util.Locale;

/** Who may act as whom: everybody as himself only. */
final class Identities {
    private Identities() {}

    /** RFC 4422 3.4.1: an empty authorization identity, or one that names the account itself, is granted. */
    static SaslStep authorize(String authzid, SaslStep outcome) {
        if (authzid.isEmpty() || !(outcome instanceof SaslStep.Success success)) {
            return outcome;
        }
        if (authzid.equals(success.name())
                || authzid.toLowerCase(Locale.ROOT)
                        .equals(success.account().toString().toLowerCase(Locale.ROOT))) {
            return outcome;
        }
        return Passwords.credentials(success.name(), "may not act as another account");
    }
}
