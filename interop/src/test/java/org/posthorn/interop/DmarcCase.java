package org.posthorn.interop;

import java.util.ArrayList;
import java.util.List;

/**
 * A message that is judged by DMARC. The domains are those of dmarc.zone, below test; SPF lets the client send for most of them that
 * have a record.
 *
 * @param theirs the result of OpenDMARC, and what becomes of the message where it enforces
 * @param ours the same of Posthorn
 * @param sender of the envelope
 */
record DmarcCase(String name, String theirs, String ours, String helo, String sender, CraftedMail message) {
    private static final String HELO = "mx.peer.test";
    /** SPF and DKIM say nothing of it, since nothing is published there. */
    private static final String NOBODY = "a@nowhere.test";

    private static final class Cases {
        private final List<DmarcCase> all = new ArrayList<>();

        void same(String name, String result, String sender, CraftedMail message) {
            differs(name, result, result, sender, message);
        }

        void differs(String name, String theirs, String ours, String sender, CraftedMail message) {
            all.add(new DmarcCase(name, theirs, ours, HELO, sender, message));
        }

        /** A null reverse-path. */
        void bounce(String name, String theirs, String ours, String helo, CraftedMail message) {
            all.add(new DmarcCase(name, theirs, ours, helo, "", message));
        }

        /** Nothing speaks for the author. */
        void unproven(String result, String domain) {
            unproven(result, result, domain);
        }

        void unproven(String theirs, String ours, String domain) {
            differs("nothing for " + domain, theirs, ours, NOBODY, of("a@" + domain + ".test"));
        }

        /** Nothing speaks for the author of a From field that takes thinking. */
        void author(String from, String result) {
            author(from, result, result);
        }

        void author(String from, String theirs, String ours) {
            differs("From: " + from, theirs, ours, NOBODY, of(from));
        }
    }

    /** With this From field, or more than one. */
    private static CraftedMail of(String from) {
        return new CraftedMail("From: " + CraftedMail.octets(from)
                + "\r\nTo: user20@peer.test\r\nSubject: judge this\r\n\r\nThe body\r\n");
    }

    private static CraftedMail signed(String from, String... domains) {
        CraftedMail message = of(from);
        for (String domain : domains) {
            message = message.signed("d=" + domain);
        }
        return message;
    }

    static List<DmarcCase> all() {
        Cases cases = new Cases();
        alignment(cases);
        strictAlignment(cases);
        organizations(cases);
        policies(cases);
        records(cases);
        authors(cases);
        failures(cases);
        bounces(cases);
        return cases.all;
    }

    /** A domain that wants half of its mail refused. */
    static DmarcCase ofHalf() {
        return new DmarcCase("pct=50", "", "", HELO, NOBODY, of("a@pct50.test"));
    }

    private static void alignment(Cases cases) {
        String refuse = "a@refuse.test";
        String sub = "a@sub.refuse.test";
        cases.same("DKIM of the domain", "pass accepted", NOBODY, signed(refuse, "refuse.test"));
        cases.same("DKIM of a subdomain", "pass accepted", NOBODY, signed(refuse, "sub.refuse.test"));
        cases.same("DKIM of the domain above", "pass accepted", NOBODY, signed(sub, "refuse.test"));
        cases.same("DKIM of a sibling", "pass accepted", NOBODY, signed(sub, "other.refuse.test"));
        cases.same("DKIM of another", "fail refused", NOBODY, signed(refuse, "watch.test"));
        cases.same("DKIM in capitals", "pass accepted", NOBODY, signed("a@REFUSE.test", "Refuse.TEST"));
        cases.same(
                "i= below, d= of the domain",
                "pass accepted",
                NOBODY,
                of(refuse).signed("d=refuse.test", "i=@sub.refuse.test"));
        cases.same(
                "DKIM altered",
                "fail refused",
                NOBODY,
                signed(refuse, "refuse.test").replace("The body", "Another body"));
        cases.same("SPF of the domain", "pass accepted", refuse, of(refuse));
        cases.same("SPF of a subdomain", "pass accepted", sub, of(refuse));
        cases.same("SPF of the domain above", "pass accepted", refuse, of(sub));
        cases.same("SPF of another", "fail refused", "a@watch.test", of(refuse));
        cases.same("SPF softfail", "fail refused", "a@softfail.refuse.test", of(refuse));
        cases.same("SPF neutral", "fail refused", "a@neutral.refuse.test", of(refuse));
        cases.same("SPF fail", "fail refused", "a@own.refuse.test", of(refuse));
        cases.same("both", "pass accepted", refuse, signed(refuse, "refuse.test"));
        cases.same(
                "DKIM of the domain, SPF of another", "pass accepted", "a@watch.test", signed(refuse, "refuse.test"));
        cases.same("SPF of the domain, DKIM of another", "pass accepted", refuse, signed(refuse, "watch.test"));
        cases.same(
                "DKIM altered, SPF of the domain",
                "pass accepted",
                refuse,
                of(refuse).signed("d=refuse.test", "b=AAAA"));
        cases.same(
                "two signatures, aligned above", "pass accepted", NOBODY, signed(refuse, "watch.test", "refuse.test"));
        cases.same(
                "two signatures, aligned below", "pass accepted", NOBODY, signed(refuse, "refuse.test", "watch.test"));
        cases.differs(
                "four signatures, aligned the last",
                "fail refused",
                "pass accepted",
                NOBODY,
                signed(refuse, "refuse.test", "watch.test", "hold.test", "further.test"));
        cases.differs(
                "rsa-sha1", "pass accepted", "fail refused", NOBODY, of(refuse).signed("d=refuse.test", "a=rsa-sha1"));
    }

    private static void strictAlignment(Cases cases) {
        String strict = "a@strict.test";
        String sub = "a@sub.strict.test";
        cases.same("strict: DKIM of the domain", "pass accepted", NOBODY, signed(strict, "strict.test"));
        cases.differs(
                "strict: DKIM of a subdomain",
                "pass accepted",
                "fail refused",
                NOBODY,
                signed(strict, "sub.strict.test"));
        cases.same("strict: DKIM of the domain above", "fail refused", NOBODY, signed(sub, "strict.test"));
        cases.same("strict, below: DKIM of the same", "pass accepted", NOBODY, signed(sub, "sub.strict.test"));
        cases.same(
                "strict: i= below", "pass accepted", NOBODY, of(strict).signed("d=strict.test", "i=@sub.strict.test"));
        cases.same("strict: SPF of the domain", "pass accepted", strict, of(strict));
        cases.differs("strict: SPF of a subdomain", "pass accepted", "fail refused", sub, of(strict));
        cases.same("strict: SPF of the domain above", "fail refused", strict, of(sub));
        cases.same("strict, below: SPF of the same", "pass accepted", sub, of(sub));
    }

    private static void organizations(Cases cases) {
        cases.same(
                "psd=y: DKIM of the domain", "pass accepted", NOBODY, signed("a@one.suffix.test", "one.suffix.test"));
        cases.differs(
                "psd=y: DKIM of another below it",
                "pass accepted",
                "fail refused",
                NOBODY,
                signed("a@one.suffix.test", "two.suffix.test"));
        cases.unproven("fail refused", "mail.one.suffix");
        cases.differs(
                "psd=n: DKIM of the domain above",
                "pass accepted",
                "fail refused",
                NOBODY,
                signed("a@own.refuse.test", "refuse.test"));
        cases.same("own record, milder", "fail accepted", NOBODY, of("a@mild.refuse.test"));
        cases.same(
                "listed suffix: DKIM of another below it",
                "fail refused",
                NOBODY,
                signed("a@one.co.test", "two.co.test"));
        cases.same("listed suffix: a subdomain", "fail refused", NOBODY, of("a@mail.one.co.test"));
        cases.unproven("none accepted", "fail refused", "low.middle.deep");
        cases.unproven("fail refused", "a.b.c.d.e.f.g.h.refuse");
        cases.unproven("none accepted", "deep");
    }

    private static void policies(Cases cases) {
        for (String domain : List.of("watch", "stricter", "sub.milder", "absent", "sub.absent")) {
            cases.unproven("fail accepted", domain);
        }
        cases.unproven("fail held", "hold");
        for (String domain : List.of("refuse", "sub.refuse", "sub.stricter", "gone.stricter", "milder", "pct100")) {
            cases.unproven("fail refused", domain);
        }
        cases.unproven("fail accepted", "fail refused", "gone.absent");
        cases.unproven("fail accepted", "fail held", "pct0");
        cases.unproven("fail accepted", "pct0hold");
        cases.unproven("fail accepted", "fail refused", "pctodd");
        cases.unproven("fail refused", "fail held", "tyes");
        cases.unproven("fail held", "fail accepted", "tyeshold");
    }

    private static void records(Cases cases) {
        for (String domain : List.of("nothing", "words", "lower")) {
            cases.unproven("none accepted", domain);
        }
        cases.unproven("fail refused", "none accepted", "late");
        cases.unproven("fail refused", "none accepted", "two");
        cases.unproven("permerror accepted", "none accepted", "version");
        cases.unproven("permerror accepted", "none accepted", "unsplit");
        for (String domain : List.of("alias", "parts", "tight", "empty", "unknown", "notag", "last")) {
            cases.unproven("fail refused", domain);
        }
        for (String domain : List.of("beside", "capitals", "spaces")) {
            cases.unproven("none accepted", "fail refused", domain);
        }
        cases.unproven("permerror accepted", "fail refused", "oddmode");
        for (String domain : List.of("bare", "nop", "oddp", "oddsp")) {
            cases.unproven("permerror accepted", domain);
        }
        for (String domain : List.of("noprua", "oddprua", "oddsprua")) {
            cases.unproven("permerror accepted", "fail accepted", domain);
        }
        cases.unproven("fail refused", "fail accepted", "twice");
    }

    private static void authors(Cases cases) {
        // Postfix completes mail of clients of its own machine (local_header_rewrite_clients) before a milter sees it.
        cases.differs(
                "no From",
                "none accepted",
                "none accepted",
                NOBODY,
                new CraftedMail("Subject: judge this\r\n\r\nThe body\r\n"));
        cases.author("", "nothing accepted", "none held");
        cases.author("a@refuse.test\r\nFrom: b@refuse.test", "fail refused", "none held");
        cases.author("a@refuse.test\r\nFrom: b@watch.test", "fail refused", "none held");
        cases.author("a@watch.test\r\nFrom: b@refuse.test", "fail accepted", "none held");
        cases.author("a@refuse.test, b@refuse.test", "fail refused");
        cases.author("a@refuse.test, b@watch.test", "nothing accepted", "none held");
        for (String from : List.of(
                "a@REFUSE.Test",
                "<a@refuse.test>",
                "\"a@watch.test\" <a@refuse.test>",
                "\"a, b\" <a@refuse.test>",
                "\"quoted \\\" <a@watch.test>\" <a@refuse.test>",
                "(a@watch.test) a@refuse.test",
                "a@refuse.test (a@watch.test)",
                "A (comment (nested)) <a@refuse.test>",
                "\"a b\"@refuse.test",
                "\"a@watch.test\"@refuse.test",
                "A\r\n <a@refuse.test>",
                "=?utf-8?q?a=40watch.test?= <a@refuse.test>",
                "Jörg <a@refuse.test>",
                "<@watch.test:a@refuse.test>",
                "a@refuse.test.",
                "Friends: a@refuse.test;",
                "a@watch.test <a@refuse.test>",
                "a@xn--bcher-kva.test")) {
            cases.author(from, "fail refused");
        }
        cases.author("a (c) @ (c) refuse.test", "none accepted", "fail refused");
        cases.author("a@bücher.test", "none accepted", "fail refused");
        cases.author("<a@watch.test> <a@refuse.test>", "fail accepted", "none held");
        cases.author("a@refuse.test b@watch.test", "fail accepted", "none held");
        cases.author("a@[198.51.100.7]", "none accepted", "none held");
        cases.author("<>", "nothing accepted", "none held");
        cases.author("Friends:;", "nothing accepted", "none held");
        // Even where it only watches.
        cases.author("a@", "deferred deferred", "none held");
    }

    private static void failures(Cases cases) {
        cases.differs("SERVFAIL for the record", "none accepted", "temperror accepted", NOBODY, of("a@servfail.test"));
        cases.differs(
                "SERVFAIL for the record, DKIM of another",
                "none accepted",
                "temperror accepted",
                NOBODY,
                signed("a@servfail.test", "watch.test"));
        cases.same("SERVFAIL for the key", "fail refused", NOBODY, signed("a@refuse.test", "servfail.test"));
        cases.differs(
                "SPF temperror, aligned", "fail refused", "temperror deferred", "a@unsure.test", of("a@unsure.test"));
        cases.same("SPF temperror, not aligned", "fail refused", "a@unsure.test", of("a@refuse.test"));
        cases.same(
                "SPF temperror, DKIM of the domain",
                "pass accepted",
                "a@unsure.test",
                signed("a@refuse.test", "refuse.test"));
        cases.same("SPF permerror, aligned", "fail refused", "a@invalid.test", of("a@invalid.test"));
    }

    private static void bounces(Cases cases) {
        CraftedMail refuse = of("a@refuse.test");
        cases.bounce("bounce, HELO of the domain", "pass accepted", "pass accepted", "refuse.test", refuse);
        cases.bounce("bounce, HELO of a subdomain", "pass accepted", "pass accepted", "sub.refuse.test", refuse);
        cases.bounce("bounce, HELO of another", "fail refused", "fail refused", "watch.test", refuse);
        cases.bounce("bounce, HELO without record", "fail refused", "fail refused", "nowhere.test", refuse);
        cases.bounce(
                "bounce, strict, HELO of a subdomain",
                "pass accepted",
                "fail refused",
                "sub.strict.test",
                of("a@strict.test"));
        cases.bounce(
                "bounce, DKIM of the domain",
                "pass accepted",
                "pass accepted",
                "nowhere.test",
                signed("a@refuse.test", "refuse.test"));
        cases.all.add(new DmarcCase(
                "SPF of another, HELO of the domain",
                "fail refused",
                "fail refused",
                "refuse.test",
                "a@watch.test",
                refuse));
    }
}
