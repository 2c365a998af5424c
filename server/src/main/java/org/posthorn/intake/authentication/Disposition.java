package org.posthorn.intake.authentication;

import java.util.Optional;
import org.posthorn.protocol.smtp.SmtpReply;

/** What becomes of a message on account of its {@link Authentication}. */
public sealed interface Disposition {
    /** Why it differs from what the domain's owner asked for (RFC 9990, PolicyOverride). */
    Optional<PolicyOverride> override();

    /** A name for logs and counters. */
    String name();

    /** Why a policy was not applied as published. */
    enum PolicyOverride {
        /** A rule of this server for the domain. */
        LOCAL_POLICY,
        /** A forwarder that this server trusts found the message good before it changed it (RFC 8617). */
        TRUSTED_FORWARDER,
        /** The owner tests the policy. */
        POLICY_TEST_MODE
    }

    /** It goes on its way. */
    record Accept(Optional<PolicyOverride> override) implements Disposition {
        @Override
        public String name() {
            return "none";
        }
    }

    /** It goes to Junk. */
    record Quarantine(Optional<PolicyOverride> override) implements Disposition {
        @Override
        public String name() {
            return "quarantine";
        }
    }

    /** It is refused. */
    record Reject(SmtpReply reply, Optional<PolicyOverride> override) implements Disposition {
        @Override
        public String name() {
            return "reject";
        }
    }

    /** It may come again. */
    record Defer(SmtpReply reply, Optional<PolicyOverride> override) implements Disposition {
        @Override
        public String name() {
            return "defer";
        }
    }
}
