package org.posthorn.zone.check;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.posthorn.dns.DnsConfig;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.zone.StsPolicy;

/** Opens the reading of fetched policies to the fuzz target. */
public final class ForgedPolicy {
    private static final StsPolicy WANTED =
            new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("mx.example.org"), Duration.ofDays(7));
    private static final PolicyCheck CHECK = new PolicyCheck(
            new ZoneResolver().withMx("example.org", 10, "mx.example.org"),
            new CheckConfig(DnsConfig.standard(), 53, 443, Optional.empty(), List.of(), Duration.ofSeconds(1)));

    private ForgedPolicy() {}

    /** Reads these octets, one char each, as what the policy's host sent, and compares it. */
    public static void read(String response) {
        if (PolicyFetch.response(response) instanceof PolicyFetch.Outcome.Policy(String text)) {
            for (Finding finding : CHECK.compare("example.org", text, WANTED)) {
                if (!finding.text().chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
                    throw new IllegalStateException("not fit for a terminal: " + finding);
                }
            }
        }
    }
}
