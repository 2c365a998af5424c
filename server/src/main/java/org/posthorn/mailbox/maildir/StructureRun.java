package org.posthorn.mailbox.maildir;

import java.util.Map;

/**
 * Encoded structures that follow each other in a mailbox, by UID.
 *
 * @param data not to be changed after it was given
 * @param ended whether the index has none after these
 */
record StructureRun(Map<Long, byte[]> data, boolean ended) {}
