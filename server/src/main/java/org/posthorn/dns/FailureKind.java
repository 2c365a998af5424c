package org.posthorn.dns;

/** Why nobody could answer. All are temporary to mail: the fault may be mended, by us or by others. */
public enum FailureKind {
    /** No server answered in time. */
    TIMEOUT,
    /** The servers could not be reached at all. */
    UNREACHABLE,
    /** A server tried and failed (SERVFAIL); a validating one says this of bogus answers too. */
    SERVFAIL,
    /** A server does not want to answer us (REFUSED, NOTAUTH and the like). */
    REFUSED,
    /** What came back is no answer: broken octets, a wrong question, nonsense in it. */
    MALFORMED,
    /** More aliases than are followed, or a loop of them. */
    ALIASES,
    /** DNSSEC proves that the answer is not what the zone's owner published. */
    BOGUS
}
