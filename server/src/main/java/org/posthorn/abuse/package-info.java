/**
 * Holds back those who abuse us: {@link org.posthorn.abuse.LoginGuard} slows down and bars clients that guess passwords.
 *
 * <p>Limits: memory is bounded whatever the number of clients; those that were heard of longest ago are forgotten first. Nothing
 * here blocks or fails.
 */
@NullMarked
package org.posthorn.abuse;

import org.jspecify.annotations.NullMarked;
