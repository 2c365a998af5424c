package org.posthorn.signing.rotation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.DkimKeyState;

/** Decides when a key moves on. Immutable. */
final class RotationSchedule {
    private final RotationConfig config;

    RotationSchedule(RotationConfig config) {
        this.config = config;
    }

    /**
     * What is to be done for a domain.
     *
     * @param keys all of its keys
     * @param canPublish whether we can change its DNS; where not, nothing is made that nobody would publish
     */
    List<RotationStep> steps(List<DkimKeyEntry> keys, boolean canPublish, Instant now) {
        List<RotationStep> steps = new ArrayList<>();
        for (DkimKeyEntry key : keys) {
            switch (key.state()) {
                case MADE -> {
                    if (canPublish) {
                        steps.add(new RotationStep.Publish(key));
                    }
                    steps.add(new RotationStep.Await(key));
                }
                case PUBLISHED -> steps.add(new RotationStep.Await(key));
                case ACTIVE -> {
                    if (canPublish && isDue(key, now) && !hasSuccessor(key, keys)) {
                        steps.add(new RotationStep.Make(key.algorithm()));
                    }
                }
                case RETIRED -> {
                    if (!now.isBefore(key.since().plus(config.keepRetired()))) {
                        steps.add(new RotationStep.Withdraw(key));
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
