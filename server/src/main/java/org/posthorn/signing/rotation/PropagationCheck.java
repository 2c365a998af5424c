package org.posthorn.signing.rotation;

import java.util.List;
import org.posthorn.signing.DkimKeyEntry;

/** Looks into DNS from outside. */
@FunctionalInterface
public interface PropagationCheck {
    /** What is seen of a key's record. */
    sealed interface Sighting {
        /** Every server that was to be asked shows the record. */
        record Seen() implements Sighting {}

        /**
         * Some do not show it.
         *
         * @param where a server and what it says, for each; not empty
         */
        record Missing(List<String> where) implements Sighting {
            public Missing {
                where = List.copyOf(where);
            }
        }

        /**
         * All that answer show it, recursion among them.
         *
         * @param servers those that do not answer, each with the reason; not empty
         */
        record Silent(List<String> servers) implements Sighting {
            public Silent {
                servers = List.copyOf(servers);
            }
        }
    }

    /** Blocks while it asks; ends, for every question has a time limit. */
    Sighting look(DkimKeyEntry key);
}
