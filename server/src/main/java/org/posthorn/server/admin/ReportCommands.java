package org.posthorn.server.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.posthorn.json.JsonArray;
import org.posthorn.reporting.DmarcSummary;
import org.posthorn.reporting.ReportReader;
import org.posthorn.reporting.TlsSummary;

/** The commands for reports. Answers are rows of one cell, a line each, or pieces of JSON in order. */
public final class ReportCommands {
    /** Reports that one answer takes in, the newest. */
    private static final int MAX_REPORTS = 5_000;

    private static final int MAX_DAYS = 3_650;
    private static final int PIECE = 50_000;

    private final ReportReader reader;
    private final Supplier<? extends Function<InetAddress, Optional<String>>> names;
    private final InstantSource clock;

    private ReportCommands(
            ReportReader reader,
            Supplier<? extends Function<InetAddress, Optional<String>>> names,
            InstantSource clock) {
        this.reader = reader;
        this.names = names;
        this.clock = clock;
    }

    /**
     * Adds the commands.
     *
     * @param names made for each answer: the name of an address, where it has one
     */
    public static void addTo(
            CommandTable table,
            ReportReader reader,
            Supplier<? extends Function<InetAddress, Optional<String>>> names,
            InstantSource clock) {
        ReportCommands commands = new ReportCommands(reader, names, clock);
        table.add("report dmarc", 3, 3, commands::dmarc)
                .add("report tls", 3, 3, commands::tls)
                .add("report import", 2, 2, commands::take);
    }

    /** Sends reports of a kind ({@code dmarc}, {@code tls}), about one day or all that are due; a line for each. */
    @FunctionalInterface
    public interface Sending {
        List<String> send(String kind, Optional<LocalDate> day) throws IOException;
    }

    /** Adds the command that sends. */
    public static void addSending(CommandTable table, Sending sending) {
        table.add("report send", 2, 2, arguments -> send(sending, arguments));
    }

    /** Arguments: the kind, and a day or "". */
    private static AdminReply send(Sending sending, List<String> arguments) {
        try {
            Optional<LocalDate> day = Optional.of(arguments.get(1))
                    .filter(text -> !text.isEmpty())
                    .map(LocalDate::parse);
            List<String> lines = sending.send(arguments.getFirst(), day);
            return lines.isEmpty() ? AdminReply.done("no report is due") : lines(lines);
        } catch (DateTimeParseException e) {
            return AdminReply.failed("not a day like 2026-01-31: " + arguments.get(1));
        } catch (IOException e) {
            return AdminReply.failed(String.valueOf(e.getMessage()));
        }
    }

    private interface Answer {
        AdminReply of(Optional<String> domain, Instant after, boolean json) throws IOException;
    }

    /** Arguments: a domain or "", days, and "json" or "text". */
    private AdminReply answer(List<String> arguments, Answer answer) {
        int days;
        try {
            days = Integer.parseInt(arguments.get(1));
        } catch (NumberFormatException e) {
            return AdminReply.failed("not a number of days: " + arguments.get(1));
        }
        if (days < 1 || days > MAX_DAYS) {
            return AdminReply.failed("days must be from 1 to " + MAX_DAYS);
        }
        Optional<String> domain = Optional.of(arguments.getFirst()).filter(name -> !name.isEmpty());
        try {
            return answer.of(
                    domain,
                    clock.instant().minus(Duration.ofDays(days)),
                    arguments.get(2).equals("json"));
        } catch (IOException | UncheckedIOException e) {
            return AdminReply.failed(String.valueOf(e.getMessage()));
        }
    }

    private AdminReply dmarc(List<String> arguments) {
        return answer(arguments, (domain, after, json) -> {
            DmarcSummary summary = DmarcSummary.of(reader.dmarc(domain, after, MAX_REPORTS));
            if (json) {
                return json(summary.json());
            }
            return summary.isEmpty() ? none("DMARC") : lines(summary.lines(names.get()));
        });
    }

    private AdminReply tls(List<String> arguments) {
        return answer(arguments, (domain, after, json) -> {
            // a report may be about more domains than the one that it is filed under
            TlsSummary summary = TlsSummary.of(reader.tls(Optional.empty(), after, MAX_REPORTS), domain);
            if (json) {
                return json(summary.json());
            }
            return summary.isEmpty() ? none("TLS") : lines(summary.lines());
        });
    }

    private static AdminReply none(String kind) {
        return AdminReply.done("no " + kind
                + " reports of that time are here; ask for them with a record in DNS (posthorn dns records),"
                + " and name the mailbox in reports.mailboxes");
    }

    /** Arguments: the name of a file, for people, and its bytes in base64. */
    private AdminReply take(List<String> arguments) {
        String name = arguments.getFirst();
        List<String> lines = new ArrayList<>();
        boolean good = true;
        try {
            for (ReportReader.Outcome outcome : reader.file(Base64.getDecoder().decode(arguments.get(1)))) {
                good &= !(outcome instanceof ReportReader.Outcome.Refused);
                lines.add(name + ": "
                        + switch (outcome) {
                            case ReportReader.Outcome.Stored(String report) -> "stored " + report;
                            case ReportReader.Outcome.Known(String report) -> "known already: " + report;
                            case ReportReader.Outcome.Single(String report) ->
                                "not stored, it is about one message: " + report;
                            case ReportReader.Outcome.Refused(String reason) -> "refused: " + reason;
                        });
            }
        } catch (IOException | IllegalArgumentException e) {
            return AdminReply.failed(name + ": " + e.getMessage());
        }
        return good ? lines(lines) : AdminReply.failed(String.join("; ", lines));
    }

    private static AdminReply lines(List<String> lines) {
        return AdminReply.table(List.of("report"), lines.stream().map(List::of).toList());
    }

    private static AdminReply json(JsonArray json) {
        String text = json.toString();
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < text.length(); i += PIECE) {
            pieces.add(text.substring(i, Math.min(text.length(), i + PIECE)));
        }
        return lines(pieces);
    }
}
