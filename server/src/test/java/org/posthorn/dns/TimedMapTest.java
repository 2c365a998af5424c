package org.posthorn.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TimedMapTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T12:00:00Z"));
    private final TimedMap<String, String> map = new TimedMap<>(3, 100, now::get);

    private void keep(String key, long size) {
        map.keep(key, key, size, Duration.ofSeconds(10));
    }

    @Test
    void neverServesWhatIsOver() {
        keep("a", 1);
        now.set(now.get().plusSeconds(9));
        assertThat(map.find("a")).contains("a");
        now.set(now.get().plusSeconds(1));
        assertThat(map.find("a")).isEmpty();
        assertThat(map.size()).isZero();
        assertThat(map.octets()).isZero();
    }

    @Test
    void holdsNoMoreThanSoManyAndDropsTheLeastRecentlyUsed() {
        keep("a", 1);
        keep("b", 1);
        keep("c", 1);
        assertThat(map.find("a")).isPresent();
        keep("d", 1);
        assertThat(map.find("b")).isEmpty();
        assertThat(map.find("a")).isPresent();
        assertThat(map.size()).isEqualTo(3);
    }

    @Test
    void holdsNoMoreThanSoManyOctets() {
        keep("a", 60);
        keep("b", 60);
        assertThat(map.find("a")).isEmpty();
        assertThat(map.octets()).isEqualTo(60);
        keep("c", 101);
        assertThat(map.find("c")).isEmpty();
        assertThat(map.find("b")).isPresent();
    }

    @Test
    void countsAReplacedValueOnce() {
        keep("a", 60);
        map.keep("a", "other", 30, Duration.ofSeconds(10));
        assertThat(map.find("a")).isEqualTo(Optional.of("other"));
        assertThat(map.octets()).isEqualTo(30);
    }

    @Test
    void keepsNothingWithoutTimeOrRoom() {
        map.keep("a", "a", 1, Duration.ZERO);
        assertThat(map.find("a")).isEmpty();
        TimedMap<String, String> none = new TimedMap<>(0, 100, now::get);
        none.keep("a", "a", 1, Duration.ofSeconds(1));
        assertThat(none.find("a")).isEmpty();
    }
}
