package org.posthorn.delivery.local;

/**
 * How mail is put into mailboxes.
 *
 * @param bounceOverQuota mail for a full mailbox goes back at once (5.2.2), so that its sender learns of it; else it is tried again
 *     until the queue gives up (4.2.2)
 */
public record LocalDeliveryConfig(boolean bounceOverQuota) {
    public static LocalDeliveryConfig defaults() {
        return new LocalDeliveryConfig(true);
    }
}
