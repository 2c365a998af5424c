package org.posthorn.admin;

import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.posthorn.json.JsonObject;

/** What an administrator sees of reports, and does with them. */
public interface ReportAdmin {
    /** About what. */
    enum Kind {
        /** Who sends in our names (RFC 9990). */
        DMARC,
        /** How TLS to our servers goes (RFC 8460). */
        TLS;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Which reports of others.
     *
     * @param domain only what they say of it
     * @param days how far back, 1 to 3650
     */
    record Query(Kind kind, Optional<String> domain, int days) {}

    /**
     * What became of a report that was handed in.
     *
     * @param text which report, or why it is refused
     */
    record Taken(Outcome outcome, String text) {
        /** In a word. */
        public enum Outcome {
            /** It is in the store now. */
            STORED,
            /** It was there before. */
            KNOWN,
            /** It is about one message, and not stored: what it says is the text. */
            SINGLE,
            /** It cannot be read. */
            REFUSED;

            public String word() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }

    /**
     * Says in words what reports say. Of more than 5,000 the newest are read, and the last line says so.
     *
     * @param line gets them one by one; none where there is no such report
     */
    void describe(Query query, Consumer<String> line) throws AdminException, IOException;

    /**
     * Says all that reports say, for programs.
     *
     * @param domain gets what they say of each domain, in alphabetical order
     * @return false where there are more than 5,000, of which the newest are read
     */
    boolean summarize(Query query, Consumer<JsonObject> domain) throws AdminException, IOException;

    /**
     * Takes the reports in a file: a mail, or what is attached to one.
     *
     * @param file at most 10 MiB; closed by the caller
     * @return an outcome for each, or one where there is none
     */
    List<Taken> take(InputStream file) throws AdminException, IOException;

    /**
     * Sends reports to others now.
     *
     * @param day only those about this day, up to now where it is today; without it all that are due
     * @return a line for each
     */
    List<String> send(Kind kind, Optional<LocalDate> day) throws AdminException, IOException;
}
