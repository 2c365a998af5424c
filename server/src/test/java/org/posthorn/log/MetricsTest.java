package org.posthorn.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics();

    private String text() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void writesCountersWithTheirLabels() throws IOException {
        Counter deliveries = metrics.counter("posthorn_deliveries_total", "Deliveries by outcome", "outcome");
        deliveries.increment("sent");
        deliveries.add(4, "sent");
        deliveries.increment("bounced");
        metrics.counter("posthorn_sessions", "Sessions").increment();
        assertThat(text())
                .contains("# HELP posthorn_deliveries_total Deliveries by outcome")
                .contains("# TYPE posthorn_deliveries_total counter")
                .contains("posthorn_deliveries_total{outcome=\"sent\"} 5.0")
                .contains("posthorn_deliveries_total{outcome=\"bounced\"} 1.0")
                .contains("posthorn_sessions_total 1.0");
    }

    @Test
    void asksGaugesWhenRead() throws IOException {
        double[] value = {1};
        metrics.gauge("posthorn_queue_messages", "Messages in the queue", () -> value[0]);
        value[0] = 42;
        assertThat(text()).contains("posthorn_queue_messages 42.0").contains("posthorn_uptime_seconds ");
    }

    @Test
    void theSameNameIsTheSameCounter() {
        assertThat(metrics.counter("posthorn_x", "x", "a")).isSameAs(metrics.counter("posthorn_x_total", "x", "a"));
        assertThatThrownBy(() -> metrics.counter("posthorn_x", "x", "b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void labelValuesFromTheNetworkCannotFillTheMemory() throws IOException {
        Counter counter = metrics.counter("posthorn_hosts", "Hosts", "host");
        for (int i = 0; i < Counter.MAX_SERIES + 100; i++) {
            counter.increment("host" + i);
        }
        assertThat(text().lines().filter(line -> line.startsWith("posthorn_hosts_total")))
                .hasSizeLessThanOrEqualTo(Counter.MAX_SERIES + 1);
        assertThat(text()).contains("posthorn_hosts_total{host=\"other\"} 100.0");
    }
}
