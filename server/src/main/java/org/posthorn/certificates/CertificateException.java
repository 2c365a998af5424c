package org.posthorn.certificates;

/** Certificates that cannot be used; the message names the file and is for the administrator. */
public final class CertificateException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CertificateException(String message) {
        super(message);
    }

    public CertificateException(String message, Throwable cause) {
        super(message, cause);
    }
}
