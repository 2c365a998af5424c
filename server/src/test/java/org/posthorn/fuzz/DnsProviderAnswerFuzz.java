package org.posthorn.fuzz;

import org.posthorn.client.dnsprovider.ForgedListings;

/** Bytes of a provider's server as listing of a zone and as records: values that print in one line, or a refusal. */
public final class DnsProviderAnswerFuzz {
    private DnsProviderAnswerFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ForgedListings.read(input);
    }
}
