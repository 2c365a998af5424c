package org.posthorn.fuzz;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.protocol.spf.MalformedSpfException;
import org.posthorn.protocol.spf.SpfChecker;
import org.posthorn.protocol.spf.SpfQuery;
import org.posthorn.protocol.spf.SpfRecord;
import org.posthorn.protocol.spf.SpfSurvey;
import org.posthorn.protocol.spf.SpfVerdict;

/** Lines of the input as the records of domains that refer to each other: always a verdict, with bounded questions. */
public final class SpfRecordFuzz {
    private static final String[] DOMAINS = {"a.example", "b.example", "c.example", "d.example"};

    private SpfRecordFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String[] lines = new String(input, StandardCharsets.UTF_8).split("\n", DOMAINS.length + 2);
        ZoneResolver zone =
                new ZoneResolver().withAddress("h.example", "192.0.2.1").withMx("a.example", 1, "h.example");
        for (int i = 0; i < Math.min(DOMAINS.length, lines.length); i++) {
            parse("v=spf1 " + lines[i]);
            zone.withTxt(DOMAINS[i], "v=spf1 " + lines[i]).withTxt("exp." + DOMAINS[i], lines[i]);
        }
        String sender = shortened(lines[lines.length - 1]);
        for (String ip : new String[] {"192.0.2.1", "2001:db8::1"}) {
            InetAddress client = InetAddress.ofLiteral(ip);
            zone.withPtr(ip, sender);
            check(zone, new SpfQuery(client, sender, Optional.of("x@a.example")));
            check(zone, new SpfQuery(client, "a.example", Optional.of(sender)));
        }
        SpfSurvey survey = SpfSurvey.of(zone, "a.example");
        if (survey.terms().size() != survey.lookUps()) {
            throw new AssertionError("counts " + survey.lookUps() + " of " + survey.terms());
        }
    }

    private static void check(ZoneResolver zone, SpfQuery query) {
        SpfVerdict verdict = new SpfChecker(zone, "r.example").check(query, Instant.EPOCH);
        if (verdict.questions() > SpfChecker.MAX_QUESTIONS) {
            throw new AssertionError("asked too much: " + verdict);
        }
    }

    private static void parse(String text) {
        try {
            int length = SpfRecord.parse(text).directives().size();
            if (length > text.length()) {
                throw new AssertionError("more terms than characters");
            }
        } catch (MalformedSpfException e) {
            // As it should be.
        }
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(text.length(), 300));
    }
}
