package org.posthorn.dns;

/** One MX record (RFC 5321 5.1): lower preference first; the exchange is a host name without final dot, "" for a null MX (RFC 7505). */
public record MxRecord(int preference, String exchange) {}
