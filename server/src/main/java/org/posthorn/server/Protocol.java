package org.posthorn.server;

import java.util.List;
import java.util.Map;
import org.posthorn.config.Section;
import org.posthorn.net.SessionHandler;

/**
 * A protocol that we serve, as it is plugged in: the list in {@code app.Protocols} names it, and nothing else knows it. It holds no state;
 * what must outlast a reload lies in {@link Services}.
 *
 * @param <C> what is configured of it: a record, so that two that say the same are equal
 */
public interface Protocol<C> {
    /** Where it is served; each has a key of its own in {@code [listen]}. */
    List<Port> ports();

    /** Reads its sections of a configuration and complains there of what is wrong. */
    C read(Section root);

    /**
     * What serves the connections to each of its ports; made anew for each configuration, whether anybody listens or not, so that it must
     * neither wait nor fail.
     */
    Map<Port, SessionHandler> handlers(C config, Services services);
}
