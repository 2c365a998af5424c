/**
 * Name look-ups. {@link org.posthorn.dns.Resolver} answers with sealed {@link org.posthorn.dns.Answer}s, so that "there is
 * no such record" and "nobody answered" can never be mixed up: the first is a fact, the second means try again later.
 * Every look-up has a time limit; answers are cached within bounds.
 */
@NullMarked
package org.posthorn.dns;

import org.jspecify.annotations.NullMarked;
