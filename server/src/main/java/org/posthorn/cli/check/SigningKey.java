package org.posthorn.cli.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimKey;

/** Who signs, by {@code domain}, {@code selector} and {@code key}: a PEM file, or in a batch the PEM text too. */
record SigningKey(Domain domain, DkimKey key) {
    static SigningKey of(JsonObject question) throws IOException {
        Domain domain = Domain.parse(required(question, "domain"));
        String key = required(question, "key");
        String pem = key.contains("-----BEGIN") ? key : Files.readString(Path.of(key));
        return new SigningKey(domain, new DkimKey(required(question, "selector"), PrivateKeys.parse(pem)));
    }

    private static String required(JsonObject question, String name) {
        Optional<String> value = question.text(name);
        return value.orElseThrow(() -> new IllegalArgumentException(name + " is missing"));
    }

    /** New fields as an answer, in the line ends of the message. */
    static CheckResult answer(MessageInput message, String fields) {
        String text = message.inItsLineEnds(fields);
        String shown = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        return new CheckResult(
                shown, List.of(), JsonObject.builder().put("fields", fields).build());
    }
}
