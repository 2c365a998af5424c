package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryLogTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-5,0",
        "3,0.003",
        "30,0.03",
        "45,0.045",
        "100,0.1",
        "123,0.12",
        "996,1",
        "1000,1",
        "1250,1.3",
        "2000,2",
        "9940,9.9",
        "9960,10",
        "75400,75",
        "432000000,432000"
    })
    void writesSecondsAsPostfixDoes(long millis, String text) {
        assertThat(DeliveryLog.seconds(new StringBuilder(), millis)).hasToString(text);
    }
}
