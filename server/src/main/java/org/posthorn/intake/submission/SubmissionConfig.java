package org.posthorn.intake.submission;

/**
 * How mail is taken from accounts.
 *
 * @param hostname our name, for the Received field
 * @param hideClient whether the Received field leaves out the client's address and the name it gave itself: where people
 *     write their mail is no business of the recipients
 */
public record SubmissionConfig(String hostname, boolean hideClient) {}
