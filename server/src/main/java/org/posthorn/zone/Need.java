package org.posthorn.zone;

/** How much a record matters. */
public enum Need {
    /** Mail does not come in, or is refused or distrusted by large receivers, without it. */
    REQUIRED("required"),
    RECOMMENDED("recommended"),
    /** Of use only where the zone is signed: RFC 7672 2.2 has senders ignore it otherwise. */
    WITH_DNSSEC("with DNSSEC only");

    private final String words;

    Need(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
