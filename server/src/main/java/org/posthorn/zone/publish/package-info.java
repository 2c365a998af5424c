/**
 * Brings a domain's records to where its zone is kept. {@link org.posthorn.zone.publish.Planner} compares what is wanted with what
 * is there and says what to add, change and remove; {@link org.posthorn.zone.publish.Publisher} has a
 * {@link org.posthorn.client.dnsprovider.DnsProvider} do it and asks the servers of the zone whether they show it.
 *
 * <p>Only what is ours is touched: records of a purpose that we manage and with a value that we could have written, so that nothing
 * of another's making is lost. What stands in the way is a {@link org.posthorn.zone.publish.Conflict}, for the owner to decide. A
 * second run finds nothing to do.
 *
 * <p>The planner is pure. Failure: {@link org.posthorn.client.dnsprovider.DnsProviderException}; what was not done is seen in the
 * next plan.
 */
@NullMarked
package org.posthorn.zone.publish;

import org.jspecify.annotations.NullMarked;
