package org.posthorn.delivery.bounce;

import java.util.Optional;
import org.posthorn.config.Section;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;

/**
 * How notifications are made.
 *
 * @param host our host name; notifications to senders elsewhere come from MAILER-DAEMON there
 * @param returnLimit the largest message that is returned whole, in octets; of a larger one only the header
 * @param unprovenSenders whether mail goes back, too, to senders whom neither SPF nor DKIM showed to have sent it
 * @param postmaster who gets what cannot be returned to anybody (a "double bounce"); empty drops it with a log line
 */
public record BounceConfig(Domain host, int returnLimit, boolean unprovenSenders, Optional<Address> postmaster) {
    /** Default of {@code returnLimit}, octets: 50 KiB. */
    public static final int RETURN_LIMIT = 50 * 1024;

    public BounceConfig {
        if (returnLimit < 1024 || returnLimit > 10 << 20) {
            throw new IllegalArgumentException("the return limit must be between 1 KiB and 10 MiB");
        }
    }

    /** Returns messages up to 50 KiB whole, nothing to senders who may be forged, and nothing to the postmaster. */
    public static BounceConfig standard(Domain host) {
        return new BounceConfig(host, RETURN_LIMIT, false, Optional.empty());
    }

    /** Reads {@code [bounce]}. */
    public static BounceConfig read(Section section, Domain host) {
        BounceConfig standard = standard(host);
        return new BounceConfig(
                host,
                Math.toIntExact(section.size("return-limit", standard.returnLimit, "1 KiB", "10 MiB")),
                section.flag("unproven-senders", standard.unprovenSenders),
                section.parsed("postmaster", Address::parse));
    }
}
