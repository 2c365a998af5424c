package org.posthorn.protocol.smtp;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.mail.Address;

/** A command that a client sent, syntactically sound. What it means in the session's state is the session's business. */
public sealed interface SmtpCommand {
    /** The verb in lower case, for statistics. */
    String verb();

    /** HELO or EHLO (RFC 5321 4.1.1.1), LHLO (RFC 2033 4.1); {@code name} is printable ASCII without spaces, 1 to 255 octets. */
    record Hello(Greeting greeting, String name) implements SmtpCommand {
        @Override
        public String verb() {
            return greeting.name().toLowerCase(Locale.ROOT);
        }

        /** Whether the answer names extensions. */
        public boolean extended() {
            return greeting != Greeting.HELO;
        }
    }

    /** How a client begins, which says what it speaks. */
    enum Greeting {
        HELO,
        EHLO,
        /** LMTP. */
        LHLO
    }

    /** MAIL FROM (4.1.1.2); no sender is the null reverse-path. A source route is gone. */
    record Mail(Optional<Address> sender, List<EsmtpParameter> parameters) implements SmtpCommand {
        public Mail {
            parameters = List.copyOf(parameters);
        }

        @Override
        public String verb() {
            return "mail";
        }
    }

    /** RCPT TO (4.1.1.3); no recipient is {@code <Postmaster>} without a domain. A source route is gone. */
    record Rcpt(Optional<Address> recipient, List<EsmtpParameter> parameters) implements SmtpCommand {
        public Rcpt {
            parameters = List.copyOf(parameters);
        }

        @Override
        public String verb() {
            return "rcpt";
        }
    }

    /** AUTH (RFC 4954 4) with the name of a mechanism and the initial response as sent. */
    record Auth(String mechanism, Optional<String> initialResponse) implements SmtpCommand {
        @Override
        public String verb() {
            return "auth";
        }
    }

    record Vrfy(String argument) implements SmtpCommand {
        @Override
        public String verb() {
            return "vrfy";
        }
    }

    /** The commands without (meaningful) arguments. */
    enum Simple implements SmtpCommand {
        DATA,
        RSET,
        NOOP,
        QUIT,
        HELP,
        EXPN,
        STARTTLS;

        @Override
        public String verb() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** A verb that we do not know. */
    record Unknown(String line) implements SmtpCommand {
        @Override
        public String verb() {
            return "unknown";
        }
    }
}
