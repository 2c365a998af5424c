package org.posthorn.zone.keylife;

import java.util.List;
import org.posthorn.directory.DkimKeyEntry;
import org.posthorn.dns.Answer;
import org.posthorn.dns.Resolver;

/** Looks for key records as the receivers of our mail will: by recursion. Thread-safe. */
public final class ResolverWatch implements KeyWatch {
    private final Resolver resolver;

    public ResolverWatch(Resolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public Sighting look(DkimKeyEntry key) {
        return switch (resolver.txt(key.recordName())) {
            case Answer.Found<String>(var texts, var _) when texts.equals(List.of(key.record())) -> new Sighting.Seen();
            case Answer.Found<String>(var texts, var _) ->
                new Sighting.NotYet(
                        texts.size() > 1 ? texts.size() + " TXT records instead of one" : "another TXT record");
            case Answer.NoSuchName<String> _, Answer.NoData<String> _ -> new Sighting.NotYet("no TXT record");
            case Answer.Failure<String>(var _, var reason) -> new Sighting.NotYet("look-up failed: " + reason);
        };
    }
}
