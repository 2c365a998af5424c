package org.posthorn.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Notes what another resolver is asked. */
public final class RecordingResolver implements Resolver {
    private final Resolver other;
    private final List<String> questions = new ArrayList<>();

    public RecordingResolver(Resolver other) {
        this.other = other;
    }

    /** What has been asked, e.g. {@code MX example.org}. */
    public synchronized List<String> questions() {
        return List.copyOf(questions);
    }

    @Override
    public synchronized <T> Answer<T> ask(RecordType<T> type, String name) {
        questions.add(type + " " + name.toLowerCase(Locale.ROOT));
        return other.ask(type, name);
    }
}
