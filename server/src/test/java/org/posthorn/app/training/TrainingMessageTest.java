package org.posthorn.app.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class TrainingMessageTest {
    /** Otherwise the training would not go through what is hot. */
    @Test
    void passesEveryCheck() {
        String results =
                TrainingMessage.make("text\r\n", InstantSource.system()).results();
        assertThat(results).contains("iprev=pass", "spf=pass", "dkim=pass", "arc=pass", "dmarc=pass");
    }
}
