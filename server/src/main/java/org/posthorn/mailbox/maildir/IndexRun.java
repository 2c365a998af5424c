package org.posthorn.mailbox.maildir;

import java.util.Map;

/**
 * Rows of messages that follow each other in a mailbox, by UID.
 *
 * @param data not to be changed after it was given
 * @param ended whether the index has none after these
 */
record IndexRun(Map<Long, byte[]> data, boolean ended) {}
