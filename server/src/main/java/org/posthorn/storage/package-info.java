/**
 * Bytes that survive: the group commit log, atomic file writes, directory and file-system syncs, free space, SQLite files.
 *
 * <p>{@link org.posthorn.storage.CommitLog} is a write-ahead log in preallocated segments. Many threads append; one
 * platform thread writes what has gathered and makes it durable with one fdatasync, so that no carrier of virtual threads
 * is pinned and the cost of a sync is shared. Each record carries a check of its place and one of its content: a torn tail
 * is cut at recovery, a damaged record is reported and what follows it is salvaged. Each segment says where those before it end, so that a
 * damaged end is told from a torn one.
 *
 * <p>Failure: a sync that failed is never repeated on the same file, since the kernel may have dropped the dirty pages and
 * would report success the second time; the segment is abandoned and those who waited for it get an
 * {@link java.io.IOException}. A full disk fails the appends and nothing else; the log goes on when there is room again.
 *
 * <p>Limits: a record holds at most {@value org.posthorn.storage.CommitLog#MAX_RECORD} octets.
 */
@NullMarked
package org.posthorn.storage;

import org.jspecify.annotations.NullMarked;
