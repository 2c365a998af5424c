package org.posthorn.interop;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A message in CRLF form, signed as told by {@code dkim-craft.py}, right or wrong. Text is ISO 8859-1. */
record CraftedMail(String text) {
    static final String BODY = "Grüße  von \t uns  \r\n.leading dot\r\n\r\nThe end\r\n\r\n\r\n";

    private static final String HEADER = String.join(
            "\r\n",
            "From: \"User, One\" <user1@peer.test>",
            "To:\tuser8@peer.test,",
            "   another@peer.test",
            "Subject: Some  words ",
            "X-More: not signed",
            "",
            "");

    /** Folds, runs of white space, 8-bit text and empty lines at the end. */
    static CraftedMail usual() {
        return of(BODY);
    }

    static CraftedMail of(String body) {
        return new CraftedMail(HEADER + octets(body));
    }

    /** UTF-8, an octet a character. */
    static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** With a signature by the key of peer.test that is in this file; tags in place of the usual ones or besides. */
    CraftedMail signedWith(String key, String... tags) {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/python3",
                Repository.root().resolve("interop/peers/dkim-craft.py").toString(),
                Peers.DIR.resolve("dkim/" + key + ".pem").toString()));
        command.addAll(Arrays.asList(tags));
        Tool signer = Tool.run(Map.of(), text.getBytes(StandardCharsets.ISO_8859_1), command)
                .succeeded();
        return new CraftedMail(signer.output());
    }

    CraftedMail signed(String... tags) {
        return signedWith("peer.s1", tags);
    }

    CraftedMail replace(String old, String fresh) {
        if (!text.contains(old)) {
            throw new AssertionError("no \"" + old + "\" in " + text);
        }
        return new CraftedMail(text.replace(old, octets(fresh)));
    }

    CraftedMail before(String more) {
        return new CraftedMail(octets(more) + text);
    }

    CraftedMail after(String more) {
        return new CraftedMail(text + octets(more));
    }
}
