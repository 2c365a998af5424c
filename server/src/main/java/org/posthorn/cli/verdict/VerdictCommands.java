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
        JudgeCommand.option(line, "ip", "ADDRESS", "the address that the mail comes from");
        JudgeCommand.option(line, "from", "SENDER", "the sender of MAIL FROM; \"\" or left out for the null sender");
        return JudgeCommand.option(line, "helo", "NAME", "the name of HELO or EHLO");
    }
}
