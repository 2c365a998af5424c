package org.posthorn.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.posthorn.bench.Results.Better;

/**
 * Measures Posthorn and the real stack in one run, by turns, on loopback, both durable; prints a Markdown table. Arguments:
 * {@code --short} for a quick look, {@code --rounds N}, {@code --only start,inbound,submission,imap,pop3,milter,memory,verify,fairness,hostile,literals}.
 * The last four are of Posthorn alone, need no peers and are done only where asked for.
 */
public final class SideBySide {
    private static final String OURS = "posthorn";
    private static final String THEIRS = "peers";

    /** What needs no peers and is done only where asked for. */
    private static final Set<String> ALONE = Set.of("verify", "fairness", "hostile", "literals");

    private final Path scratch;
    private final boolean brief;
    private final Results results = new Results(System.err);

    private SideBySide(Path scratch, boolean brief) {
        this.scratch = scratch;
        this.brief = brief;
    }

    public static void main(String[] args) throws Exception {
        List<String> arguments = List.of(args);
        boolean brief = arguments.contains("--short");
        int rounds = Integer.parseInt(option(arguments, "--rounds", brief ? "1" : "3"));
        Set<String> only = Set.of(option(arguments, "--only", "start,inbound,submission,imap,pop3,milter,memory")
                .split(",", -1));
        Path scratch = Path.of(option(arguments, "--scratch", "/tmp/posthorn-bench"));
        Files.createDirectories(scratch);
        new SideBySide(scratch, brief).run(Path.of("").toAbsolutePath(), rounds, only);
    }

    private static String option(List<String> arguments, String name, String fallback) {
        int at = arguments.indexOf(name);
        return at < 0 ? fallback : arguments.get(at + 1);
    }

    private void run(Path repository, int rounds, Set<String> only) throws Exception {
        try (BenchDns dns = BenchDns.start()) {
            Stack stack = new Stack(repository, scratch, dns.port());
            if (only.contains("verify")) {
                verify(stack, dns);
            }
            if (only.contains("fairness")) {
                alone(stack, target -> new FairnessLoad(target, brief ? 5 : 20).run(System.out));
            }
            if (only.contains("hostile")) {
                alone(stack, target -> new HostileLoad(target, brief ? 2000 : 10_000).run(System.out));
            }
            if (only.contains("literals")) {
                alone(stack, target -> new LiteralLoad(target, brief ? 40 : 400).run(System.out));
            }
            if (!ALONE.containsAll(only)) {
                compare(stack, rounds, only);
            }
        }
    }

    private void verify(Stack stack, BenchDns dns) throws IOException, InterruptedException {
        try {
            Target target = stack.startPosthorn().target();
            new VerificationLoad(target, dns).run(brief ? 12 : 40, System.err, System.out);
            Maildirs.discard(target);
        } finally {
            stack.stopPosthorn();
        }
    }

    private interface Load {
        void run(Target target) throws Exception;
    }

    private static void alone(Stack stack, Load load) throws Exception {
        try {
            load.run(stack.startPosthorn().target());
        } finally {
            stack.stopPosthorn();
        }
    }

    private void compare(Stack stack, int rounds, Set<String> only) throws Exception {
        try {
            prepare(stack, only.contains("start") ? rounds : 0);
            Target ours = started(stack.startPosthorn(), false);
            Target theirs = started(stack.startPeers(), false);
            Maildirs.discard(ours);
            Maildirs.discard(theirs);
            if (only.contains("memory")) {
                idleMemory(ours);
                idleMemory(theirs);
            }
            // The first round warms both sides up and is not counted.
            for (int round = 0; round <= rounds; round++) {
                Results counted = round == 0 ? new Results(new PrintStream(PrintStream.nullOutputStream())) : results;
                for (Target target : round % 2 == 0 ? List.of(ours, theirs) : List.of(theirs, ours)) {
                    round(target, only, counted);
                }
            }
            if (only.contains("memory")) {
                loadedMemory(ours);
                loadedMemory(theirs);
            }
            Maildirs.discard(ours);
            Maildirs.discard(theirs);
        } finally {
            stack.stopPosthorn();
            stack.stopPeers();
            results.print(System.out, OURS, THEIRS);
        }
    }

    /** Starts and stops both once, so that data, certificates and accounts are there, then as often as is to be measured. */
    private void prepare(Stack stack, int measured) throws IOException, InterruptedException {
        for (int i = 0; i <= measured; i++) {
            started(stack.startPosthorn(), i > 0);
            stack.stopPosthorn();
            started(stack.startPeers(), i > 0);
            stack.stopPeers();
        }
    }

    private Target started(Stack.Running running, boolean counted) {
        if (counted) {
            String name = running.target().name();
            results.add("launch to first SMTP banner, s", Better.LESS, name, running.secondsToBanner());
            results.add("launch to all ports up, s", Better.LESS, name, running.secondsToAllPorts());
        }
        return running.target();
    }

    private void round(Target target, Set<String> only, Results into) throws Exception {
        int scale = (target.name().equals(OURS) ? 8 : 1) * (brief ? 1 : 3);
        if (only.contains("inbound")) {
            inbound(target, into, "4 KiB, kept connections", 4096, 500 * scale, true);
            inbound(target, into, "4 KiB, a connection each", 4096, 500 * scale, false);
            inbound(target, into, "64 KiB, kept connections", 65536, 120 * scale, true);
            inbound(target, into, "64 KiB, a connection each", 65536, 120 * scale, false);
        }
        if (only.contains("submission")) {
            submission(target, into, "kept connections", 300 * scale, Integer.MAX_VALUE);
            submission(target, into, "a connection each", 80 * scale, 1);
        }
        if (only.contains("imap")) {
            imap(target, into);
        }
        if (only.contains("pop3")) {
            pop3(target, into);
        }
        if (only.contains("milter")) {
            milter(target, into);
        }
    }

    /** Does something and adds its rate and its server's CPU time. */
    private static void timed(Target target, Results into, String what, String unit, Work work) throws Exception {
        double cpu = ProcessStat.of(target.roots()).cpu();
        long start = System.nanoTime();
        long count = work.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        double used = ProcessStat.of(target.roots()).cpu() - cpu;
        into.add(what + ": " + unit + "/s", Better.MORE, target.name(), count / seconds);
        into.add(what + ": CPU s per 1,000", Better.LESS, target.name(), 1000 * used / count);
    }

    private interface Work {
        long run() throws Exception;
    }

    private void inbound(Target target, Results into, String how, int size, int messages, boolean kept)
            throws Exception {
        Maildirs.empty(target);
        timed(target, into, "inbound " + how, "in the Maildir", () -> {
            smtpSource(target, size, messages, kept);
            Maildirs.await(target.mail(), messages);
            return messages;
        });
    }

    /** Postfix's own generator, a process for each of four mailboxes, five sessions each. */
    private void smtpSource(Target target, int size, int messages, boolean kept)
            throws IOException, InterruptedException {
        Path config = scratch.resolve("smtp-source");
        Files.createDirectories(config);
        Files.writeString(config.resolve("main.cf"), "compatibility_level = 3.6\ninet_protocols = ipv4\n");
        List<Process> running = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            List<String> command = new ArrayList<>(List.of("smtp-source"));
            if (kept) {
                command.add("-d");
            }
            command.addAll(List.of("-s", "5", "-m", "" + messages / 4, "-l", "" + size, "-f", "load@plain.test"));
            command.addAll(List.of("-t", target.user(i), "127.0.0.1:" + target.smtp()));
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            builder.environment().putAll(Map.of("MAIL_CONFIG", config.toString()));
            running.add(builder.start());
        }
        for (Process process : running) {
            if (process.waitFor() != 0) {
                throw new IOException("smtp-source failed against " + target.name());
            }
        }
    }

    private static void submission(Target target, Results into, String how, int messages, int perConnection)
            throws Exception {
        int count = messages / 20 * 20;
        Maildirs.empty(target);
        timed(target, into, "submission with TLS, AUTH, DKIM, 4 KiB, " + how, "in the Maildir", () -> {
            SubmissionLoad.run(target, 20, count, 4096, perConnection);
            Maildirs.await(target.mail(), count);
            return count;
        });
    }

    private void imap(Target target, Results into) throws Exception {
        timed(target, into, "IMAP command mix", "commands", () -> ImapLoad.run(target, 20, brief ? 4 : 10));
    }

    private void pop3(Target target, Results into) throws Exception {
        Maildirs.empty(target);
        int messages = brief ? 400 : 2000;
        smtpSource(target, 16384, messages, true);
        Maildirs.await(target.mail(), messages);
        timed(target, into, "POP3 download, 16 KiB", "messages", () -> Pop3Load.run(target, 4));
    }

    private void milter(Target target, Results into) throws Exception {
        int messages = brief ? 4000 : 16_000;
        timed(
                target,
                into,
                "milter signs 4 KiB with RSA-2048, 8 kept connections",
                "messages",
                () -> MilterLoad.run(target.milter(), target.milterDomain(), 8, messages, 4096));
    }

    private void idleMemory(Target target) throws IOException, InterruptedException {
        Thread.sleep(2000);
        results.add("memory when idle after start, MiB PSS", Better.LESS, target.name(), mebibytes(target));
    }

    private void loadedMemory(Target target) throws IOException, InterruptedException, ExecutionException {
        Maildirs.empty(target);
        Thread.sleep(3000);
        results.add("memory after load, MiB PSS", Better.LESS, target.name(), mebibytes(target));
        int connections = brief ? 200 : 500;
        long before = ProcessStat.of(target.roots()).pssKib();
        try (IdleLoad idle = IdleLoad.open(target, connections)) {
            Thread.sleep(3000);
            long after = ProcessStat.of(target.roots()).pssKib();
            results.add(
                    "memory per idle IMAPS connection, KiB PSS",
                    Better.LESS,
                    target.name(),
                    (double) Math.max(1, after - before) / idle.size());
        }
    }

    private static double mebibytes(Target target) throws IOException {
        return ProcessStat.of(target.roots()).pssKib() / 1024.0;
    }
}
