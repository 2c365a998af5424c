package org.posthorn.abuse;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.posthorn.mail.Network;

/**
 * From where accounts have logged in: the {@value #MAX_PLACES} networks used last of each of the {@value #MAX_ACCOUNTS} accounts that
 * logged in last. Guarded by its owner.
 */
final class KnownPlaces {
    private static final int MAX_PLACES = 20;
    private static final int MAX_ACCOUNTS = 20_000;

    private final Map<String, Set<Network>> places = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<Network>> eldest) {
            return size() > MAX_ACCOUNTS;
        }
    };

    boolean has(String account, Network place) {
        return places.getOrDefault(account, Set.of()).contains(place);
    }

    void add(String account, Network place) {
        Set<Network> known = places.computeIfAbsent(account, _ -> new LinkedHashSet<>());
        known.remove(place);
        known.add(place);
        if (known.size() > MAX_PLACES) {
            known.remove(known.iterator().next());
        }
    }

    /** A line for each account, those that logged in last at the end: its name and its places, between spaces. */
    String text() {
        StringBuilder text = new StringBuilder();
        places.forEach((account, known) -> {
            text.append(account);
            known.forEach(place -> text.append(' ').append(place));
            text.append('\n');
        });
        return text.toString();
    }

    /** Adds what {@link #text} gave; lines that are damaged are passed over. */
    void read(String text) {
        text.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            for (int i = 1; i < words.length; i++) {
                try {
                    add(words[0], Network.parse(words[i]));
                } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
                    return;
                }
            }
        });
    }
}
