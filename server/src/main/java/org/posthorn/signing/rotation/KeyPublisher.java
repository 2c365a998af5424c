package org.posthorn.signing.rotation;

import java.io.IOException;
import org.posthorn.mail.Domain;

/** Changes the TXT records of keys in a domain's DNS. */
public interface KeyPublisher {
    /** For those who publish by hand. */
    KeyPublisher NONE = new KeyPublisher() {
        @Override
        public boolean canPublish(Domain domain) {
            return false;
        }

        @Override
        public void publish(Domain domain, String name, String text) throws IOException {
            throw new IOException("no way to change the DNS of " + domain + " is configured");
        }
    };

    /** Whether {@link #publish} can work for this domain at all. */
    boolean canPublish(Domain domain);

    /**
     * Puts a TXT record in place of what is at its name; doing it twice does no harm.
     *
     * @param name absolute, below the domain
     * @throws IOException it could not be done, temporarily or not
     */
    void publish(Domain domain, String name, String text) throws IOException;
}
