package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MessageRunsTest {
    private final TreeMap<Long, Message> messages = new TreeMap<>();
    private final List<Integer> asked = new ArrayList<>();

    private final Mailbox mailbox = (Mailbox) Proxy.newProxyInstance(
            Mailbox.class.getClassLoader(), new Class<?>[] {Mailbox.class}, (_, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("messagesFrom");
                assertThat(arguments).hasSize(2);
                asked.add((int) arguments[1]);
                return messages.tailMap((long) arguments[0]).values().stream()
                        .limit((int) arguments[1])
                        .toList();
            });

    private void put(long uid) {
        messages.put(uid, new Message(uid, 1, Flags.NONE, 0, 1));
    }

    @Test
    void readsAThousandAtOnce() {
        for (long uid = 1; uid <= 2_500; uid++) {
            put(2 * uid);
        }
        List<Message> met = new ArrayList<>();
        MessageRuns.of(mailbox).forEach(met::add);
        assertThat(met).containsExactlyElementsOf(messages.values());
        assertThat(asked).containsExactly(1_000, 1_000, 1_000);
    }

    @Test
    void whatComesAndGoesMeanwhileIsMetOnceAtMost() {
        for (long uid = 1; uid <= 1_000; uid++) {
            put(uid);
        }
        Iterator<Message> runs = MessageRuns.from(mailbox, 1).iterator();
        for (long uid = 1; uid <= 1_000; uid++) {
            assertThat(runs.next().uid()).isEqualTo(uid);
        }
        messages.remove(1_000L);
        put(1_001);
        assertThat(runs.next().uid()).isEqualTo(1_001);
        assertThat(runs.hasNext()).isFalse();
        assertThatThrownBy(runs::next).isInstanceOf(NoSuchElementException.class);
    }
}
