package org.posthorn.protocol.imap;

import java.util.List;
import java.util.Optional;
import org.posthorn.mail.mime.ContentDisposition;
import org.posthorn.mail.mime.HeaderSummary;
import org.posthorn.mail.mime.MimePart;
import org.posthorn.mail.mime.Parameter;
import org.posthorn.mail.mime.ParameterList;

/** Writes BODY and BODYSTRUCTURE (RFC 3501 7.4.2). */
public final class BodyStructureWriter {
    private final ResponseBuffer out;
    private final boolean extended;

    private BodyStructureWriter(ResponseBuffer out, boolean extended) {
        this.out = out;
        this.extended = extended;
    }

    /**
     * The parenthesised structure, without the item's name.
     *
     * @param extended with extension data: BODYSTRUCTURE
     */
    public static void write(ResponseBuffer out, MimePart message, boolean extended) {
        new BodyStructureWriter(out, extended).part(message);
    }

    private void part(MimePart part) {
        out.character('(');
        if (part.isMultipart()) {
            multipart(part);
        } else {
            single(part);
        }
        out.character(')');
    }

    private void multipart(MimePart part) {
        if (part.children().isEmpty()) {
            // body-type-mpart needs at least one body: what has no parts is shown with an empty one.
            out.text("(\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0)");
        }
        part.children().forEach(this::part);
        out.space().string(part.type().subtype());
        if (extended) {
            parameters(part.type().parameters());
            common(part);
        }
    }

    private void single(MimePart part) {
        out.string(part.type().type()).space().string(part.type().subtype());
        parameters(part.type().parameters());
        out.space().nstring(part.id());
        out.space().nstring(part.description());
        out.space().string(part.encoding());
        out.space().number(part.body().length());
        Optional<MimePart> message = part.message();
        if (message.isPresent() && part.type().subtype().equals("rfc822")) {
            EnvelopeWriter.write(out.space(), message.get().summary().orElse(NO_SUMMARY));
            out.space();
            part(message.get());
            out.space().number(part.lines());
        } else if (part.type().isText()) {
            out.space().number(part.lines());
        }
        if (extended) {
            out.space().nstring(part.md5());
            common(part);
        }
    }

    /** What both kinds of part have at their end. */
    private void common(MimePart part) {
        disposition(part.disposition());
        languages(part.languages());
        out.space().nstring(part.location());
    }

    private void parameters(ParameterList parameters) {
        out.space();
        if (parameters.isEmpty()) {
            out.text("NIL");
            return;
        }
        String separator = "(";
        for (Parameter parameter : parameters.entries()) {
            out.text(separator).string(parameter.name()).space().string(parameter.value());
            separator = " ";
        }
        out.character(')');
    }

    private void disposition(Optional<ContentDisposition> disposition) {
        out.space();
        if (disposition.isEmpty()) {
            out.text("NIL");
            return;
        }
        out.character('(').string(disposition.get().type());
        parameters(disposition.get().parameters());
        out.character(')');
    }

    private void languages(List<String> languages) {
        out.space();
        switch (languages.size()) {
            case 0 -> out.text("NIL");
            case 1 -> out.string(languages.getFirst());
            default -> {
                String separator = "(";
                for (String language : languages) {
                    out.text(separator).string(language);
                    separator = " ";
                }
                out.character(')');
            }
        }
    }

    private static final HeaderSummary NO_SUMMARY = new HeaderSummary(
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty());
}
