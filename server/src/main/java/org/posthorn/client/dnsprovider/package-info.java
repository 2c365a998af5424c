/**
 * Where the records of our domains are kept by others: reads them and changes them. One interface,
 * {@link org.posthorn.client.dnsprovider.DnsProvider}, for servers that take dynamic updates (RFC 2136) signed with TSIG (RFC 8945),
 * for Hostinger's API and for Cloudflare's.
 *
 * <p>A change names what the record set holds now and what it shall hold. One that meets another state than it was made for
 * is refused as a whole, by prerequisites where the protocol has them (RFC 2136 2.4), else by looking again right before.
 *
 * <p>Secrets come from files or the environment, are read when they are used, and show up in no text of ours. Answers are foreign
 * input: at most 4 MiB of JSON; what cannot be understood is left out of a listing or ends the work.
 * HTTP goes over TLS only, except to this machine, follows no redirect, and takes at most 30 seconds for each request; 429 and 5xx are
 * tried again twice, after Retry-After or a second. Failure: {@link org.posthorn.client.dnsprovider.DnsProviderException}.
 */
@NullMarked
package org.posthorn.client.dnsprovider;

import org.jspecify.annotations.NullMarked;
