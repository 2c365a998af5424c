package org.posthorn.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void countsEachValueInItsRangeAndPrometheusAddsThemUp() throws IOException {
        Metrics metrics = new Metrics();
        Histogram histogram = metrics.histogram("posthorn_x_seconds", "X", 0.1, 1);
        for (double value : new double[] {0.05, 0.1, 0.5, 30}) {
            histogram.observe(value);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.writeTo(out);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("# TYPE posthorn_x_seconds histogram")
                .contains("posthorn_x_seconds_bucket{le=\"0.1\"} 2")
                .contains("posthorn_x_seconds_bucket{le=\"1.0\"} 3")
                .contains("posthorn_x_seconds_bucket{le=\"+Inf\"} 4")
                .contains("posthorn_x_seconds_count 4")
                .contains("posthorn_x_seconds_sum 30.65");
    }

    @Test
    void askedForTwiceItIsTheSame() {
        Metrics metrics = new Metrics();
        assertThat(metrics.histogram("a", "A", 1)).isSameAs(metrics.histogram("a", "A", 1));
    }

    @Test
    void boundsMustGrow() {
        assertThatThrownBy(() -> new Histogram(1, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
