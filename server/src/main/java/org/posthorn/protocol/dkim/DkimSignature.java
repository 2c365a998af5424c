package org.posthorn.protocol.dkim;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;

/**
 * A DKIM-Signature field (RFC 6376 3.5), or the ARC-Message-Signature that is made like one (RFC 8617 4.1.2).
 *
 * @param field as it came, for hashing
 * @param algorithm {@code a=}, in lower case; whether we verify it is another question
 * @param signature {@code b=} in base64
 * @param bodyHash {@code bh=} in base64
 * @param domain {@code d=}, in A-labels
 * @param identity {@code i=}, {@code @domain} by default
 * @param names {@code h=}, in order
 * @param length {@code l=}: octets of the canonical body that are covered
 * @param time {@code t=}, seconds since 1970
 * @param expiry {@code x=}, seconds since 1970
 */
public record DkimSignature(
        HeaderField field,
        String algorithm,
        String signature,
        String bodyHash,
        Canonicalization headerForm,
        Canonicalization bodyForm,
        Domain domain,
        String identity,
        List<String> names,
        OptionalLong length,
        String selector,
        OptionalLong time,
        OptionalLong expiry) {
    /** Names in {@code h=}: a header of 256 KiB hardly has more. */
    public static final int MAX_NAMES = 1000;

    public DkimSignature {
        names = List.copyOf(names);
    }

    /**
     * Reads a DKIM-Signature.
     *
     * @throws DkimSyntaxException if the field is not a signature that could be verified
     */
    public static DkimSignature parse(HeaderField field) {
        TagList tags = TagList.parse(field.value());
        if (!tags.require("v").equals("1")) {
            throw new DkimSyntaxException("version " + TagList.shown(tags.require("v")) + " instead of 1");
        }
        String query = tags.word("q").orElse("dns/txt");
        if (Arrays.stream(query.split(":", -1)).noneMatch(q -> q.equals("dns/txt") || q.equals("dns"))) {
            throw new DkimSyntaxException("no known way of asking for the key: " + TagList.shown(query));
        }
        Domain domain = tags.domain();
        String identity = tags.quotedPrintable("i").orElse("@" + domain.name());
        requireBelow(identity, domain);
        DkimSignature signature = of(field, tags, domain, identity, "simple/simple");
        if (signature.expiry.isPresent()
                && signature.time.isPresent()
                && signature.expiry.getAsLong() <= signature.time.getAsLong()) {
            throw new DkimSyntaxException("it expires before it was made");
        }
        return signature;
    }

    /**
     * As {@link #parse}, for a field whose {@code v=}, {@code i=} and {@code q=} mean something else; without {@code c=} it is
     * relaxed/relaxed, as other verifiers take it (decision 95).
     */
    public static DkimSignature parseArc(HeaderField field) {
        TagList tags = TagList.parse(field.value());
        Domain domain = tags.domain();
        return of(field, tags, domain, "@" + domain.name(), "relaxed/relaxed");
    }

    private static DkimSignature of(
            HeaderField field, TagList tags, Domain domain, String identity, String usualForms) {
        String[] forms = tags.word("c").orElse(usualForms).split("/", -1);
        if (forms.length > 2) {
            throw new DkimSyntaxException("not a canonicalization");
        }
        List<String> names = names(tags.require("h"));
        if (names.stream().noneMatch(name -> name.equalsIgnoreCase("From"))) {
            // RFC 6376 5.4.
            throw new DkimSyntaxException("From is not signed");
        }
        return new DkimSignature(
                field,
                tags.word("a").filter(a -> !a.isEmpty()).orElseThrow(() -> new DkimSyntaxException("tag a is missing")),
                Base64.getEncoder().encodeToString(tags.base64("b")),
                Base64.getEncoder().encodeToString(tags.base64("bh")),
                form(forms[0]),
                // RFC 6376 3.5: only one name is given for the header, the body is simple.
                forms.length == 2 ? form(forms[1]) : Canonicalization.SIMPLE,
                domain,
                identity,
                names,
                tags.number("l"),
                tags.selector(),
                tags.number("t"),
                tags.number("x"));
    }

    private static Canonicalization form(String name) {
        return Arrays.stream(Canonicalization.values())
                .filter(form -> form.tag().equals(name))
                .findFirst()
                .orElseThrow(() -> new DkimSyntaxException("unknown canonicalization " + TagList.shown(name)));
    }

    private static List<String> names(String list) {
        String[] names = TagList.withoutSpace(list).split(":", MAX_NAMES + 1);
        if (names.length > MAX_NAMES) {
            throw new DkimSyntaxException("more than " + MAX_NAMES + " names in h=");
        }
        return Arrays.stream(names).filter(name -> !name.isEmpty()).toList();
    }

    /** RFC 6376 3.5: the domain of {@code i=} is that of {@code d=} or below it. */
    static void requireBelow(String identity, Domain domain) {
        String name = TagList.domain(identity.substring(identity.lastIndexOf('@') + 1))
                .name();
        if (identity.indexOf('@') < 0 || !(name.equals(domain.name()) || name.endsWith("." + domain.name()))) {
            throw new DkimSyntaxException("i= is not below d=");
        }
    }

    byte[] signatureOctets() {
        return Base64.getDecoder().decode(signature);
    }

    /** The domain of the identity. */
    Domain identityDomain() {
        return TagList.domain(identity.substring(identity.lastIndexOf('@') + 1));
    }

    /** Where the key record lies. */
    public String keyName() {
        return selector + "._domainkey." + domain.name();
    }
}
