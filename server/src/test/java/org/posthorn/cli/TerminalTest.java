package org.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Tests run without a terminal, as cron does. */
class TerminalTest {
    @Test
    void whoCannotBeAskedHearsOfTheOptionToUse() {
        assertThatThrownBy(() -> PasswordPrompt.ask(false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no terminal to ask for the password; give it with --password-stdin");
        assertThatThrownBy(DnsPublishCommand::agreed)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no terminal to ask on; look with --dry-run, then publish with --yes");
    }
}
