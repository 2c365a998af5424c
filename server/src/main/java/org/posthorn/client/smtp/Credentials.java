package org.posthorn.client.smtp;

/** A login at a relay host. The password appears in no log. */
public record Credentials(String user, String password) {
    @Override
    public String toString() {
        return "Credentials[" + user + "]";
    }
}
