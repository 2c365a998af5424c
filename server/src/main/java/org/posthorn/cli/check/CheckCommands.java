package org.posthorn.cli.check;

import picocli.CommandLine;

/** The commands of this package. */
public final class CheckCommands {
    private CheckCommands() {}

    public static CommandLine spfCheck(ResolverSource network) {
        CommandLine line = CheckCommand.named(
                "check",
                "May this host send mail with this sender? Prints the SPF result (RFC 7208).",
                new CheckCommand(new SpfCheck(), network));
        return sender(line);
    }

    public static CommandLine dkimVerify(ResolverSource network) {
        return CheckCommand.file(CheckCommand.named(
                "verify",
                "Do the DKIM signatures of a message verify (RFC 6376)?",
                new CheckCommand(new DkimVerifyCheck(), network)));
    }

    public static CommandLine dkimSign(ResolverSource network) {
        CommandLine line = CheckCommand.named(
                "sign",
                "Print the DKIM-Signature field for a message.",
                new CheckCommand(new DkimSignCheck(), network));
        return signer(CheckCommand.file(line));
    }

    public static CommandLine arcVerify(ResolverSource network) {
        return CheckCommand.file(CheckCommand.named(
                "verify",
                "Is the ARC chain of a message whole (RFC 8617)?",
                new CheckCommand(new ArcVerifyCheck(), network)));
    }

    public static CommandLine arcSeal(ResolverSource network) {
        CommandLine line = CheckCommand.named(
                "seal",
                "Print the fields of the next set of a message's ARC chain.",
                new CheckCommand(new ArcSealCheck(), network));
        CheckCommand.option(
                line,
                "results",
                "TEXT",
                "what ARC-Authentication-Results says, as \"mx.example.org; spf=pass\"; otherwise the newest Authentication-Results");
        return signer(CheckCommand.file(line));
    }

    public static CommandLine dmarcCheck(ResolverSource network) {
        CommandLine line = CheckCommand.named(
                "check",
                "Check a message by the DMARC policy of its author's domain (RFC 9989), with its SPF and DKIM.",
                new CheckCommand(new DmarcCheck(), network));
        CheckCommand.option(
                line,
                "public-suffix-list",
                "FILE",
                "find organizational domains by this list, as RFC 7489 did, not by RFC 9989's tree walk; \"bundled\" for the program's own");
        return sender(CheckCommand.file(line));
    }

    private static CommandLine sender(CommandLine line) {
        CheckCommand.option(line, "ip", "ADDRESS", "the address that the mail comes from");
        CheckCommand.option(line, "from", "SENDER", "the sender of MAIL FROM; \"\" or left out for the null sender");
        return CheckCommand.option(line, "helo", "NAME", "the name of HELO or EHLO");
    }

    private static CommandLine signer(CommandLine line) {
        CheckCommand.option(line, "domain", "DOMAIN", "who signs");
        CheckCommand.option(line, "selector", "SELECTOR", "the selector of the key");
        return CheckCommand.option(line, "key", "PEM", "the private key's file");
    }
}
