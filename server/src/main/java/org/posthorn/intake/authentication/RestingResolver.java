package org.posthorn.intake.authentication;

import org.posthorn.abuse.CpuTurn;
import org.posthorn.dns.Answer;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.Resolver;

/** Looks up for work that takes turns, and has none while it waits for the answer. */
record RestingResolver(Resolver resolver, CpuTurn turn) implements Resolver {
    @Override
    public <T> Answer<T> ask(RecordType<T> type, String name) {
        turn.rest();
        try {
            return resolver.ask(type, name);
        } finally {
            turn.pause();
        }
    }
}
