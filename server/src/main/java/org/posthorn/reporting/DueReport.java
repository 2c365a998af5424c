package org.posthorn.reporting;

import java.time.LocalDate;

/** A report that is to be made: about a day, for a domain. */
interface DueReport {
    LocalDate day();

    String domain();
}
