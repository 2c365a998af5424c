package org.posthorn.protocol.dmarcreport;

import java.util.Optional;

/**
 * The policy as the receiver found it (RFC 9990 3.1.1.5); what a report leaves out is empty.
 *
 * @param domain where the record was found
 * @param strictDkim adkim=s
 * @param strictSpf aspf=s
 * @param testing t=y
 * @param failureOptions the fo tag
 */
public record PublishedPolicy(
        String domain,
        boolean strictDkim,
        boolean strictSpf,
        Optional<DispositionType> policy,
        Optional<DispositionType> subdomainPolicy,
        Optional<DispositionType> nonexistentPolicy,
        boolean testing,
        Optional<Discovery> discovery,
        Optional<String> failureOptions) {
    /** How the record was found. */
    public enum Discovery {
        /** By the public suffix list (RFC 7489). */
        PSL("psl"),
        /** By the tree walk (RFC 9989 4.10). */
        TREEWALK("treewalk");

        private final String word;

        Discovery(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }
}
