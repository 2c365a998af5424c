package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.MalformedAddressException;

/** What is read is printed in a form that reads as the same, and within the limits of the wire. */
public final class AddressFuzz {
    private AddressFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        try {
            Address address = Address.parse(text);
            String wire = address.toString();
            boolean same = Address.parse(wire).equals(address)
                    && address.canonical().canonical().equals(address.canonical())
                    && wire.getBytes(StandardCharsets.UTF_8).length <= 254;
            if (!same || wire.chars().anyMatch(c -> c < ' ')) {
                throw new IllegalStateException("another address after a round trip: " + wire);
            }
        } catch (MalformedAddressException refused) {
            // the session answers 501
        }
        try {
            Domain domain = Domain.parse(text);
            if (!Domain.parse(domain.name()).equals(domain) || domain.unicode().isEmpty()) {
                throw new IllegalStateException("another domain after a round trip: " + domain);
            }
        } catch (MalformedAddressException refused) {
            // the session answers 501
        }
    }
}
