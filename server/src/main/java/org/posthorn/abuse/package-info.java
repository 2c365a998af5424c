/**
 * Holds back those who abuse us: {@link org.posthorn.abuse.LoginGuard} slows down and bars clients that guess passwords,
 * {@link org.posthorn.abuse.CpuTurns} lets nobody have the processors for himself.
 *
 * <p>Limits: memory is bounded whatever the number of clients; those that were heard of longest ago are forgotten first. Nothing
 * but a turn waits, and nothing fails.
 */
@NullMarked
package org.posthorn.abuse;

import org.jspecify.annotations.NullMarked;
