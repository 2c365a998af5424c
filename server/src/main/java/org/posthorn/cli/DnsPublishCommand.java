package org.posthorn.cli;

import java.io.Console;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.posthorn.mail.Domain;
import org.posthorn.zone.Purpose;
import org.posthorn.zone.publish.DomainPublication;
import org.posthorn.zone.publish.PlanText;
import org.posthorn.zone.publish.PublishPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code posthorn dns publish DOMAIN}. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description =
                "Bring a domain's records to where its zone is kept: shows what it would do, asks, does it, and looks"
                        + " whether the zone's servers show it.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:the zone is as it should be",
            "1:it failed; the message says why",
            "2:the command line cannot be understood",
            "3:something is left for you to decide; all else is done",
            "4:published, but not yet shown by all of the zone's servers",
            "5:there is something to publish, and it was not done: --dry-run, or the answer was no"
        })
final class DnsPublishCommand implements Callable<Integer> {
    private static final int UNDECIDED = 3;
    private static final int UNSEEN = 4;
    private static final int PENDING = 5;

    private final Program program;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--dry-run", description = "show what would be done, and do nothing")
    private boolean dryRun;

    @Option(names = "--dns-port", hidden = true, defaultValue = "53", description = "port of the zone's servers")
    private int dnsPort;

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Option(
            names = "--replace",
            paramLabel = "PURPOSE",
            split = ",",
            description =
                    "put ours in place of what others published: address, mx, spf, dmarc, tlsrpt, service, mta-sts-host,"
                            + " autoconfig")
    private List<String> replace = new ArrayList<>();

    @Parameters(paramLabel = "DOMAIN")
    private String domain = "";

    DnsPublishCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws Exception {
        Set<Purpose> purposes = EnumSet.noneOf(Purpose.class);
        for (String word : replace) {
            purposes.add(Purpose.named(word)
                    .orElseThrow(() -> new IllegalArgumentException("--replace: there is no purpose " + word)));
        }
        DomainPublication publication = program.publication(config.file, Domain.parse(domain), dnsPort);
        PublishPlan plan = publication.plan(purposes);
        System.out.print(PlanText.of(plan, publication.publisher().provider()));
        return plan.isEmpty() ? done(plan) : publish(publication, plan);
    }

    private int publish(DomainPublication publication, PublishPlan plan) throws IOException, InterruptedException {
        if (dryRun || !(yes || agreed())) {
            System.out.println("Nothing was changed.");
            return PENDING;
        }
        publication.carryOut(plan);
        System.out.println("Published. Asking the servers of the zone ...");
        List<String> unseen = publication.publisher().unseen(plan);
        if (!unseen.isEmpty()) {
            System.out.println("Not seen yet, which may take some minutes:");
            unseen.forEach(line -> System.out.println("  " + line));
            return UNSEEN;
        }
        return done(plan);
    }

    private static int done(PublishPlan plan) {
        if (!plan.conflicts().isEmpty()) {
            return UNDECIDED;
        }
        System.out.println("The zone " + plan.zone() + " is as it should be.");
        return 0;
    }

    static boolean agreed() {
        Console console = Terminal.find()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no terminal to ask on; look with --dry-run, then publish with --yes"));
        String answer = console.readLine("Publish this? [y/N] ");
        return answer != null && answer.strip().matches("(?i)y(es)?");
    }
}
