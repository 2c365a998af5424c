package org.posthorn.mailbox.maildir;

import java.util.function.LongSupplier;
import org.posthorn.log.MailLog;

/**
 * What all folders of an account share.
 *
 * @param clock milliseconds since 1970
 * @param durable whether ceilings are synced
 */
record FolderContext(
        Index index,
        AccountFeed feed,
        BootId bootId,
        MailLog log,
        LongSupplier clock,
        int maxKeywords,
        boolean durable) {}
