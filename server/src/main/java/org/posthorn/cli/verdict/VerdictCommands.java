package org.posthorn.cli.verdict;

import picocli.CommandLine;

/** The commands of this package. */
public final class VerdictCommands {
    private VerdictCommands() {}

    public static CommandLine spfCheck(ResolverSource network) {
        CommandLine line = JudgeCommand.named(
                "check",
                "May this host send mail with this sender? Prints the SPF result (RFC 7208).",
                new JudgeCommand(new SpfJudge(), network));
        return sender(line);
    }

    public static CommandLine dkimVerify(ResolverSource network) {
        return JudgeCommand.file(JudgeCommand.named(
                "verify",
                "Do the DKIM signatures of a message verify (RFC 6376)?",
                new JudgeCommand(new DkimVerifyJudge(), network)));
    }

    public static CommandLine dkimSign(ResolverSource network) {
        CommandLine line = JudgeCommand.named(
                "sign",
                "Print the DKIM-Signature field for a message.",
                new JudgeCommand(new DkimSignJudge(), network));
        return signer(JudgeCommand.file(line));
    }

    public static CommandLine arcVerify(ResolverSource network) {
        return JudgeCommand.file(JudgeCommand.named(
                "verify",
                "Is the ARC chain of a message whole (RFC 8617)?",
                new JudgeCommand(new ArcVerifyJudge(), network)));
    }

    public static CommandLine arcSeal(ResolverSource network) {
        CommandLine line = JudgeCommand.named(
                "seal",
                "Print the fields of the next set of a message's ARC chain.",
                new JudgeCommand(new ArcSealJudge(), network));
        JudgeCommand.option(
                line,
                "results",
                "TEXT",
                "what ARC-Authentication-Results says, as \"mx.example.org; spf=pass\"; otherwise the newest Authentication-Results");
        return signer(JudgeCommand.file(line));
    }

    public static CommandLine dmarcCheck(ResolverSource network) {
        CommandLine line = JudgeCommand.named(
                "check",
                "Judge a message by the DMARC policy of its author's domain (RFC 9989), with its SPF and DKIM.",
                new JudgeCommand(new DmarcJudge(), network));
        JudgeCommand.option(
                line,
                "public-suffix-list",
                "FILE",
                "find organizational domains by this list, as RFC 7489 did, not by RFC 9989's tree walk; \"bundled\" for the program's own");
        return sender(JudgeCommand.file(line));
    }

    private static CommandLine sender(CommandLine line) {
        JudgeCommand.option(line, "ip", "ADDRESS", "the address that the mail comes from");
        JudgeCommand.option(line, "from", "SENDER", "the sender of MAIL FROM; \"\" or left out for the null sender");
        return JudgeCommand.option(line, "helo", "NAME", "the name of HELO or EHLO");
    }

    private static CommandLine signer(CommandLine line) {
        JudgeCommand.option(line, "domain", "DOMAIN", "who signs");
        JudgeCommand.option(line, "selector", "SELECTOR", "the selector of the key");
        return JudgeCommand.option(line, "key", "PEM", "the private key's file");
    }
}
