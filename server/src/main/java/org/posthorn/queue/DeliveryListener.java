package org.posthorn.queue;

/** Hears how deliveries end. */
interface DeliveryListener {
    /** All its addresses are settled. */
    void ended(Delivery delivery);

    /** It was not tried, since its destination is not to be bothered before then. */
    void suspended(Delivery delivery, DeliveryOutcome.Deferred why, long untilMillis);
}
