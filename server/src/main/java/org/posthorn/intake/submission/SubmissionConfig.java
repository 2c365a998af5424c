package org.posthorn.intake.submission;

import org.posthorn.config.Section;

/**
 * How mail is taken from accounts.
 *
 * @param hostname our name, for the Received field
 * @param hideClient whether the Received field leaves out the client's address and the name it gave itself: where people
 *     write their mail is no business of the recipients
 */
public record SubmissionConfig(String hostname, boolean hideClient) {
    /** Reads {@code [submission]}; by default the client is named. */
    public static SubmissionConfig read(Section section, String hostname) {
        return new SubmissionConfig(hostname, section.flag("hide-client", false));
    }
}
