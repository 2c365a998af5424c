package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dmarc.AuthorDomain;
import org.posthorn.protocol.dmarc.PublicSuffixList;

/** Any From field has one author's domain, several or none; a domain that is found can be looked up. */
public final class FromDomainFuzz {
    private FromDomainFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        switch (AuthorDomain.of(new String(input, StandardCharsets.ISO_8859_1))) {
            case AuthorDomain.One(Domain domain) -> {
                if (!domain.equals(Domain.parse(domain.name())) || domain.isAddressLiteral()) {
                    throw new IllegalStateException("not a name: " + domain);
                }
                PublicSuffixList.bundled().registrable(domain.name()).ifPresent(name -> {
                    if (!(domain.name().equals(name) || domain.name().endsWith("." + name))) {
                        throw new IllegalStateException("not above " + domain + ": " + name);
                    }
                });
            }
            case AuthorDomain.Several(var domains) -> {
                if (domains.size() < 2) {
                    throw new IllegalStateException("several that are one");
                }
            }
            case AuthorDomain.Unusable _ -> {}
        }
    }
}
