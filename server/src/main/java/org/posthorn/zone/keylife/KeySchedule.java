package org.posthorn.zone.keylife;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.DkimKeyState;

/** Decides when a key moves on. Immutable. */
final class KeySchedule {
    private final KeyLifeConfig config;

    KeySchedule(KeyLifeConfig config) {
        this.config = config;
    }

    /**
     * What is to be done for a domain.
     *
     * @param keys all of its keys
     * @param canPublish whether we can change its DNS; where not, nothing is made that nobody would publish
     */
    List<KeyStep> steps(List<DkimKeyEntry> keys, boolean canPublish, Instant now) {
        List<KeyStep> steps = new ArrayList<>();
        for (DkimKeyEntry key : keys) {
            switch (key.state()) {
                case MADE -> {
                    if (canPublish) {
                        steps.add(new KeyStep.Publish(key));
                    }
                    steps.add(new KeyStep.Await(key));
                }
                case PUBLISHED -> steps.add(new KeyStep.Await(key));
                case ACTIVE -> {
                    if (canPublish && isDue(key, now) && !hasSuccessor(key, keys)) {
                        steps.add(new KeyStep.Make(key.algorithm()));
                    }
                }
                case RETIRED -> {
                    if (!now.isBefore(key.since().plus(config.keepRetired()))) {
                        steps.add(new KeyStep.Withdraw(key));
                    }
                }
                case WITHDRAWN -> {}
            }
        }
        return steps;
    }

    private boolean isDue(DkimKeyEntry key, Instant now) {
        return !config.rotateEvery().isZero() && !now.isBefore(key.since().plus(config.rotateEvery()));
    }

    private static boolean hasSuccessor(DkimKeyEntry key, List<DkimKeyEntry> keys) {
        return keys.stream()
                .anyMatch(other -> other.algorithm() == key.algorithm()
                        && (other.state() == DkimKeyState.MADE || other.state() == DkimKeyState.PUBLISHED));
    }
}
