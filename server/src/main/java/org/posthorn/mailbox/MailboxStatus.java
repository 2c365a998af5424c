package org.posthorn.mailbox;

/** The numbers of a mailbox (RFC 3501 6.3.10). {@code recent} counts the messages that no session was told of as recent. */
public record MailboxStatus(
        long messages,
        long recent,
        long unseen,
        long deleted,
        long size,
        long uidNext,
        long uidValidity,
        long highestModSeq) {}
