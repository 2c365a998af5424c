package org.posthorn.intake.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.intake.authentication.Verdicts.sealed;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.protocol.arc.ArcResult;
import org.posthorn.protocol.arc.ArcSet;

class TrustedSealersTest {
    private static final Set<String> TRUSTED = Set.of("lists.example");
    private static final String GOOD = "dmarc=pass header.from=author.example";

    private static boolean vouches(ArcResult result, int oldestPass, ArcSet... sets) {
        return TrustedSealers.vouch(TRUSTED, Verdicts.chain(result, oldestPass, sets), "author.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dmarc=pass header.from=author.example",
                "dmarc=pass header.from=Author.EXAMPLE",
                "dkim=pass header.d=author.example",
                "spf=pass smtp.mailfrom=author.example",
                "spf=pass smtp.mailfrom=bounces@author.example",
                "spf=fail smtp.mailfrom=x@author.example; dkim=pass header.d=author.example",
            })
    void believesWhatATrustedSealerSaw(String saw) {
        assertThat(vouches(ArcResult.PASS, 1, sealed(1, "lists.example", saw))).isTrue();
        assertThat(vouches(ArcResult.PASS, 1, sealed(1, "stranger.example", saw)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dmarc=fail header.from=author.example",
                "dmarc=pass header.from=other.example",
                "dmarc=pass header.d=author.example",
                "dkim=pass header.d=sub.author.example",
                "dkim=neutral header.d=author.example",
                "spf=pass smtp.helo=author.example",
                "spf=softfail smtp.mailfrom=x@author.example",
                "iprev=pass policy.iprev=author.example",
                "arc=pass header.from=author.example",
                "none",
                "not a field of results",
            })
    void whatSpeaksForSomebodyElseIsNothing(String saw) {
        assertThat(vouches(ArcResult.PASS, 1, sealed(1, "lists.example", saw))).isFalse();
    }

    @Test
    void aChainThatFailsProvesNothing() {
        assertThat(vouches(ArcResult.FAIL, 1, sealed(1, "lists.example", GOOD))).isFalse();
        assertThat(vouches(ArcResult.NONE, 0)).isFalse();
    }

    /** RFC 8617 5.2 step 5: what was sealed before the message was changed says nothing of what it is now. */
    @Test
    void countsOnlySinceTheMessageIsUnchanged() {
        ArcSet good = sealed(1, "lists.example", GOOD);
        ArcSet later = sealed(2, "other.example", "none");
        assertThat(vouches(ArcResult.PASS, 1, good, later)).isTrue();
        assertThat(vouches(ArcResult.PASS, 2, good, later)).isFalse();
        assertThat(vouches(ArcResult.PASS, 2, sealed(1, "other.example", "none"), sealed(2, "lists.example", GOOD)))
                .isTrue();
        // Not known since when: all of it counts.
        assertThat(vouches(ArcResult.PASS, 0, good, later)).isTrue();
    }
}
