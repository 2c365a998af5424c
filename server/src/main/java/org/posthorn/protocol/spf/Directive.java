package org.posthorn.protocol.spf;

/** A mechanism with its qualifier (RFC 7208 4.6.1); the text is as it was written. */
public record Directive(Qualifier qualifier, Mechanism mechanism, String text) {}
