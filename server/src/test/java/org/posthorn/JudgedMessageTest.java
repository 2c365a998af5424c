package org.posthorn;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class JudgedMessageTest {
    /** Otherwise the rehearsal would not go through what is hot. */
    @Test
    void passesEveryCheck() {
        String results = JudgedMessage.make("text\r\n", InstantSource.system()).results();
        assertThat(results).contains("iprev=pass", "spf=pass", "dkim=pass", "arc=pass", "dmarc=pass");
    }
}
