package org.posthorn.zone.propagation;

import java.util.List;
import java.util.Optional;
import org.posthorn.dns.Answer;
import org.posthorn.dns.Resolver;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.rotation.PropagationCheck;

/** Looks for key records as the receivers of our mail will: by recursion, which is all that it asks. Thread-safe. */
public final class RecursionCheck implements PropagationCheck {
    private final Resolver resolver;

    public RecursionCheck(Resolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public Sighting look(DkimKeyEntry key) {
        Answer<String> answer = resolver.txt(key.recordName());
        Optional<String> lack = answer instanceof Answer.Failure<String>(var _, var reason)
                ? Optional.of("look-up failed: " + reason)
                : lack(answer, key.record());
        return lack.<Sighting>map(what -> new Sighting.Missing(List.of("by recursion: " + what)))
                .orElseGet(Sighting.Seen::new);
    }

    /** What an answer lacks of a record that stands alone (RFC 6376 3.6.2.2); empty when nothing, or when it is none. */
    static Optional<String> lack(Answer<String> answer, String record) {
        return switch (answer) {
            case Answer.Found<String>(var texts, var _) when texts.equals(List.of(record)) -> Optional.empty();
            case Answer.Found<String>(var texts, var _) ->
                Optional.of(texts.size() > 1 ? texts.size() + " TXT records instead of one" : "another TXT record");
            case Answer.NoSuchName<String> _, Answer.NoData<String> _ -> Optional.of("no TXT record");
            case Answer.Failure<String> _ -> Optional.empty();
        };
    }
}
