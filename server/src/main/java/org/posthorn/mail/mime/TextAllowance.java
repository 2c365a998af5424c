package org.posthorn.mail.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.mail.HeaderAddress;

/**
 * How much text the structure of one message may still keep, of {@link MimeStructure#MAX_TEXT}. What does not fit is left out, so
 * that a structure has a size whatever a stranger writes into headers. Used by one thread.
 */
final class TextAllowance {
    private static final int EACH_TEXT = 32;
    private static final int EACH_ADDRESS = 128;

    private int left = MimeStructure.MAX_TEXT;
    private boolean exceeded;

    /** Whether something found no room. */
    boolean isExceeded() {
        return exceeded;
    }

    private boolean take(int octets) {
        if (octets > left) {
            exceeded = true;
            return false;
        }
        left -= octets;
        return true;
    }

    private boolean fits(String text) {
        return take(EACH_TEXT + text.length());
    }

    private boolean fitsName(String name) {
        return name.length() <= MimeStructure.MAX_NAME && fits(name);
    }

    Optional<String> keep(Optional<String> text) {
        return text.filter(this::fits);
    }

    /** As many as fit, from the first on. */
    List<String> keepAll(List<String> texts) {
        List<String> kept = new ArrayList<>();
        for (String text : texts) {
            if (!fits(text)) {
                break;
            }
            kept.add(text);
        }
        return kept;
    }

    /** What a part is, as far as it matters for what lies in it, when its names do not fit. */
    ContentType keep(ContentType type) {
        if (type.parameters().isEmpty() && (type.equals(ContentType.TEXT) || type.equals(ContentType.OPAQUE))) {
            return type;
        }
        if (fitsName(type.type()) && fitsName(type.subtype())) {
            return new ContentType(type.type(), type.subtype(), keep(type.parameters()));
        }
        if (type.isMultipart()) {
            return ContentType.MIXED;
        }
        if (type.isMessage()) {
            return ContentType.MESSAGE;
        }
        return type.isText() ? ContentType.TEXT : ContentType.OPAQUE;
    }

    Optional<ContentDisposition> keep(ContentDisposition disposition) {
        return fitsName(disposition.type())
                ? Optional.of(new ContentDisposition(disposition.type(), keep(disposition.parameters())))
                : Optional.empty();
    }

    /** An encoding that is unknown and does not fit is {@code binary}: undone by nobody. */
    String keepEncoding(String encoding) {
        return switch (encoding) {
            case "7bit" -> "7bit";
            case "8bit" -> "8bit";
            case "base64" -> "base64";
            case "quoted-printable" -> "quoted-printable";
            default -> fitsName(encoding) ? encoding : "binary";
        };
    }

    private ParameterList keep(ParameterList parameters) {
        List<Parameter> kept = new ArrayList<>();
        for (Parameter parameter : parameters.entries()) {
            if (!take(2 * EACH_TEXT
                    + parameter.name().length()
                    + parameter.value().length())) {
                break;
            }
            kept.add(parameter);
        }
        return kept.isEmpty() ? ParameterList.NONE : new ParameterList(kept);
    }

    /** As many addresses as fit, from the first on. */
    List<HeaderAddress> keep(List<HeaderAddress> addresses) {
        List<HeaderAddress> kept = new ArrayList<>();
        for (HeaderAddress address : addresses) {
            switch (address) {
                case HeaderAddress.Mailbox mailbox -> {
                    if (!fits(mailbox)) {
                        return kept;
                    }
                    kept.add(mailbox);
                }
                case HeaderAddress.Group group -> {
                    if (!fits(group.name())) {
                        return kept;
                    }
                    kept.add(new HeaderAddress.Group(
                            group.name(),
                            group.members().stream().takeWhile(this::fits).toList()));
                }
            }
        }
        return kept;
    }

    private boolean fits(HeaderAddress.Mailbox mailbox) {
        return take(EACH_ADDRESS
                + mailbox.name().orElse("").length()
                + mailbox.route().orElse("").length()
                + mailbox.localPart().length()
                + mailbox.domain().length());
    }
}
