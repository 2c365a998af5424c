package org.posthorn.directory;

/**
 * A record that we have put into DNS.
 *
 * @param name absolute, lower case, without final dot
 * @param type as in zone files
 * @param data as in zone files (RFC 1035 5.1)
 */
public record PublishedRecord(String name, String type, String data) {}
