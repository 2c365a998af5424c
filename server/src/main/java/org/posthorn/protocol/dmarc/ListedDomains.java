package org.posthorn.protocol.dmarc;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.protocol.dmarc.Records.At;

/** Discovery as RFC 7489 6.6.3 had it: the domain itself, then the organizational domain by the public suffix list. Stateless. */
final class ListedDomains implements Discovery {
    private final PublicSuffixList list;

    ListedDomains(PublicSuffixList list) {
        this.list = list;
    }

    @Override
    public Walk from(String domain, Records records) {
        // RFC 7489 3.2: a public suffix is its own organizational domain.
        String organizational = list.registrable(domain).orElse(domain);
        List<Placed> found = new ArrayList<>();
        Set<String> targets = new LinkedHashSet<>(List.of(domain));
        targets.add(organizational);
        for (String target : targets) {
            switch (records.at(target)) {
                case At.Failed(String reason) -> {
                    return new Walk(domain, found, organizational, Optional.of(reason));
                }
                case At.Nothing() -> {}
                case At.Found(DmarcRecord record) -> found.add(new Placed(target, record));
            }
        }
        return new Walk(domain, found, organizational, Optional.empty());
    }
}
