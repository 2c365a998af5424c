package org.posthorn.dns;

import java.time.Duration;

/** An answer and how long it may be kept. */
record TimedAnswer(Answer<?> answer, Duration ttl) {}
