package org.posthorn.dns;

/** One SRV record (RFC 2782): lower priority first; the target without final dot, "" when the service is not offered. */
public record SrvRecord(int priority, int weight, int port, String target) {}
