package org.posthorn.intake.authentication;

import java.util.Optional;
import java.util.Set;
import org.posthorn.protocol.arc.ArcSet;
import org.posthorn.protocol.arc.ArcVerdict;
import org.posthorn.protocol.authres.AuthenticationResults;
import org.posthorn.protocol.authres.MethodResult;

/** What forwarders that we trust say about messages that they had to change (RFC 8617 7.2). */
final class TrustedSealers {
    private TrustedSealers() {}

    /**
     * Whether a trusted sealer saw the author's domain authenticated. Its set counts only where the message is as it was when it was
     * sealed: what came later from others may be anything.
     */
    static boolean vouch(Set<String> trusted, ArcVerdict chain, String author) {
        if (!chain.passed()) {
            return false;
        }
        for (int instance = Math.max(chain.oldestPass(), 1);
                instance <= chain.sets().size();
                instance++) {
            ArcSet set = chain.sets().get(instance - 1);
            Optional<AuthenticationResults> results = AuthenticationResults.parse(set.authenticationResults());
            if (trusted.contains(set.sealer())
                    && results.isPresent()
                    && results.get().results().stream().anyMatch(result -> speaksFor(result, author))) {
                return true;
            }
        }
        return false;
    }

    private static boolean speaksFor(MethodResult result, String author) {
        if (!result.result().equals("pass")) {
            return false;
        }
        return switch (result.method()) {
            case "dmarc" -> is(result.property("header.from"), author);
            case "dkim" -> is(result.property("header.d"), author);
            case "spf" -> is(result.property("smtp.mailfrom").map(TrustedSealers::domain), author);
            default -> false;
        };
    }

    private static boolean is(Optional<String> domain, String author) {
        return domain.isPresent() && domain.get().equalsIgnoreCase(author);
    }

    private static String domain(String address) {
        return address.substring(address.lastIndexOf('@') + 1);
    }
}
