/**
 * Load for mail servers, and the comparison of Posthorn with Postfix, Dovecot and OpenDKIM in one run. The generators speak plain
 * sockets on virtual threads and do as little as they can for each message, so that the servers are what is measured; where
 * a generator still takes a core for itself the table says so.
 */
@org.jspecify.annotations.NullMarked
package org.posthorn.bench;
