package org.posthorn.interop;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A message that a verifier has to judge.
 *
 * @param theirs the results of OpenDKIM, with spaces between them
 * @param ours the results of Posthorn
 */
record DkimCase(String name, String theirs, String ours, CraftedMail message) {
    private static final List<String> CANONICALIZATIONS =
            List.of("relaxed/relaxed", "relaxed/simple", "simple/relaxed", "simple/simple");

    private static final class Cases {
        private final List<DkimCase> all = new ArrayList<>();

        void pass(String name, CraftedMail message) {
            same(name, "pass", message);
        }

        void fail(String name, CraftedMail message) {
            same(name, "fail", message);
        }

        void bad(String name, CraftedMail message) {
            same(name, "permerror", message);
        }

        void same(String name, String result, CraftedMail message) {
            all.add(new DkimCase(name, result, result, message));
        }

        /** Where we say permerror. */
        void differs(String name, String theirs, CraftedMail message) {
            differs(name, theirs, "permerror", message);
        }

        void differs(String name, String theirs, String ours, CraftedMail message) {
            all.add(new DkimCase(name, theirs, ours, message));
        }
    }

    static List<DkimCase> all() {
        Cases cases = new Cases();
        canonicalizations(cases);
        algorithms(cases);
        lengthsAndTimes(cases);
        keys(cases);
        signatures(cases);
        headers(cases);
        bodies(cases);
        return cases.all;
    }

    private static void canonicalizations(Cases cases) {
        for (String c : CANONICALIZATIONS) {
            CraftedMail signed = CraftedMail.usual().signed("c=" + c);
            boolean header = c.startsWith("relaxed");
            boolean body = c.endsWith("relaxed");
            cases.pass(c, signed);
            cases.pass(c + ", empty lines at the end", signed.after("\r\n\r\n"));
            cases.pass(c + ", empty body", CraftedMail.of("").signed("c=" + c));
            cases.pass(c + ", a body of empty lines", CraftedMail.of("\r\n\r\n").signed("c=" + c));
            cases.fail(c + ", body altered", signed.replace("leading", "heading"));
            cases.fail(c + ", header altered", signed.replace("Some", "Other"));
            cases.same(
                    c + ", white space in the header",
                    header ? "pass" : "fail",
                    signed.replace("Some  words ", "Some words"));
            cases.same(c + ", white space in the body", body ? "pass" : "fail", signed.replace(" \t uns  ", " uns"));
        }
        cases.pass("c= of the header alone", CraftedMail.usual().signed("c=relaxed", "canon=relaxed/simple"));
        cases.pass("no c=", CraftedMail.usual().signed("c=", "canon=simple/simple"));
        cases.bad("unknown c=", CraftedMail.usual().signed("c=odd/odd", "canon=simple/simple"));
    }

    private static void algorithms(Cases cases) {
        CraftedMail usual = CraftedMail.usual();
        CraftedMail ed = usual.signedWith("peer.e1", "a=ed25519-sha256", "s=e1");
        CraftedMail both = usual.signed().signedWith("peer.e1", "a=ed25519-sha256", "s=e1");
        cases.pass("ed25519", ed);
        cases.fail("ed25519, altered", ed.replace("leading", "heading"));
        cases.same("rsa and ed25519", "pass pass", both);
        cases.same("rsa and ed25519, altered", "fail fail", both.replace("leading", "heading"));
        cases.same("a broken one above a good one", "fail pass", usual.signed().signed("b=AAAA"));
        cases.same(
                "a good one above a broken one",
                "pass fail",
                usual.signed("b=AAAA").signed());
        CraftedMail five = usual;
        for (int i = 0; i < 5; i++) {
            five = five.signed("t=100000000" + i);
        }
        cases.differs("five", "pass pass pass neutral neutral", "pass pass pass pass pass", five);
        cases.differs("rsa-sha1", "pass", usual.signed("a=rsa-sha1"));
        cases.pass("1024 bits", usual.signedWith("peer.1024", "s=k1024"));
        cases.differs("512 bits", "policy", usual.signedWith("peer.512", "s=k512"));
        cases.bad("unknown algorithm", usual.signed().replace("a=rsa-sha256", "a=rsa-sha999"));
        cases.bad("algorithm and key differ", usual.signed("s=e1"));
    }

    private static void lengthsAndTimes(Cases cases) {
        CraftedMail usual = CraftedMail.usual();
        int length = CraftedMail.octets(CraftedMail.BODY).stripTrailing().length() + 2;
        CraftedMail whole = usual.signed("c=simple/simple", "l=" + length);
        cases.pass("l= of all", whole);
        cases.pass("l= of all, text appended", whole.after("More text\r\n"));
        cases.fail("l= of all, text put in", whole.replace("leading", "leading and more"));
        cases.pass("l=0", usual.signed("l=0"));
        cases.differs("l= beyond the end", "fail", usual.signed("l=100000"));
        cases.bad("l= is no number", usual.signed("l=x"));
        long now = Instant.now().getEpochSecond();
        cases.bad("x= in the past", usual.signed("t=1000000000", "x=1000000001"));
        cases.pass("x= in the future", usual.signed("t=" + now, "x=4000000000"));
        cases.bad("x= before t=", usual.signed("t=1000000001", "x=1000000000"));
        cases.bad("t= in the future", usual.signed("t=4000000000"));
    }

    /** By the selectors of peers.sh. */
    private static void keys(Cases cases) {
        CraftedMail usual = CraftedMail.usual();
        cases.pass("key without v=", usual.signed("s=bare"));
        cases.differs("key revoked", "fail", usual.signed("s=revoked"));
        cases.pass("key with t=y", usual.signed("s=testing"));
        cases.fail("key with t=y, altered", usual.signed("s=testing").replace("leading", "heading"));
        cases.pass("key with t=s", usual.signed("s=strict"));
        cases.pass("key with t=s, i= the same", usual.signed("s=strict", "i=@peer.test"));
        cases.differs("key with t=s, i= below", "fail", usual.signed("s=strict", "i=@sub.peer.test"));
        cases.differs("key for another hash", "fail", usual.signed("s=sha1"));
        cases.differs("key for another service", "fail", usual.signed("s=other"));
        cases.differs("key of an unknown type", "fail", usual.signed("s=kind"));
        cases.differs("key of an unknown version", "fail", usual.signed("s=version"));
        cases.differs("key with v= at its end", "pass", usual.signed("s=late"));
        cases.bad("key that is none", usual.signed("s=broken"));
        cases.differs("key record that is no tag list", "temperror", usual.signed("s=words"));
        cases.differs("no key", "nothing", usual.signed("s=absent"));
        cases.differs("no key of another domain", "nothing", usual.signed("d=other.test"));
    }

    private static void signatures(Cases cases) {
        CraftedMail usual = CraftedMail.usual();
        cases.same("no signature", "none", usual);
        cases.differs("no b=", "nothing", usual.signed("b="));
        cases.bad("no bh=", usual.signed("bh="));
        cases.differs("no d=", "nothing", usual.signed("d="));
        cases.differs("no s=", "nothing", usual.signed("s="));
        cases.differs("no h=", "nothing", usual.signed().replace("h=from:to:subject; ", ""));
        cases.differs("no v=", "nothing", usual.signed("v="));
        cases.bad("v=2", usual.signed("v=2"));
        cases.bad("h= without From", usual.signed("h=to:subject"));
        cases.pass("i= below", usual.signed("i=a@sub.peer.test"));
        cases.bad("i= elsewhere", usual.signed("i=@other.test"));
        cases.pass("unknown tag", usual.signed("zz=1"));
        cases.differs("tag twice", "pass", usual.signed("zz=1; zz=2"));
        cases.pass("q=dns/txt", usual.signed("q=dns/txt"));
        cases.bad("q= unknown", usual.signed("q=other"));
        cases.differs("no tag list", "nothing", usual.before("DKIM-Signature: hello world\r\n"));
    }

    private static void headers(Cases cases) {
        CraftedMail usual = CraftedMail.usual();
        String second = "From: bank@bank.test\r\n";
        cases.pass("field altered that is not signed", usual.signed().replace("not signed", "changed"));
        cases.pass("a second From on top", usual.signed().before(second));
        cases.fail(
                "a second From on top, oversigned",
                usual.signed("h=from:from:to:subject").before(second));
        cases.pass("two From, both signed", usual.before(second).signed("h=from:from:to:subject"));
        cases.fail("a second Subject below", usual.signed().replace("X-More", "Subject: another\r\nX-More"));
        CraftedMail german = usual.replace("Some  words ", "Grüße  aus  Köln");
        CraftedMail folded = usual.replace("Some  words ", "a" + "\r\n\tb".repeat(50));
        CraftedMail empty = usual.replace("Subject: Some  words ", "Subject:");
        for (String c : CANONICALIZATIONS) {
            cases.pass("8-bit header, " + c, german.signed("c=" + c));
            cases.fail("8-bit header altered, " + c, german.signed("c=" + c).replace("aus", "in"));
            cases.pass("many folds, " + c, folded.signed("c=" + c));
            cases.same(
                    "many folds, unfolded, " + c,
                    c.startsWith("relaxed") ? "pass" : "fail",
                    folded.signed("c=" + c).replace("\r\n\tb", " b"));
            cases.pass("empty field, " + c, empty.signed("c=" + c));
        }
        cases.pass("space before a colon", usual.replace("X-More:", "X-More :").signed("h=from:to:subject:x-more"));
    }

    private static void bodies(Cases cases) {
        CraftedMail longLines = CraftedMail.of("0123456789".repeat(1000) + "\r\nshort\r\n");
        CraftedMail blanks = CraftedMail.of("one\r\n  \t\r\n \r\ntwo\r\n \t\r\n");
        CraftedMail dots = CraftedMail.of(".\r\n..\r\n.a\r\nb.\r\n");
        CraftedMail unfinished = CraftedMail.of("one\r\ntwo");
        CraftedMail large = CraftedMail.of("0123456789abcdef\r\n".repeat(20_000));
        for (String c : CANONICALIZATIONS) {
            cases.pass("long lines, " + c, longLines.signed("c=" + c));
            cases.pass("lines with blanks only, " + c, blanks.signed("c=" + c));
            cases.pass("dots, " + c, dots.signed("c=" + c));
            cases.pass("no final line end, " + c, unfinished.signed("c=" + c));
            cases.pass("large, " + c, large.signed("c=" + c));
        }
    }
}
