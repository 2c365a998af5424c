package org.posthorn.mailbox;

import java.util.Optional;

/**
 * A mailbox in a listing.
 *
 * @param selectable false for a level that only has children
 */
public record MailboxInfo(MailboxName name, boolean selectable, Optional<SpecialUse> specialUse, boolean subscribed) {}
