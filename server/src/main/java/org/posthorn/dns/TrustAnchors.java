package org.posthorn.dns;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/**
 * The keys that validation begins with: those of the root as IANA publishes them (RFC 7958), and an owner's own.
 *
 * @param text DS and DNSKEY records, a line each
 */
public record TrustAnchors(String text) {
    /** Octets of an owner's file; a thousand anchors are far fewer. */
    static final long MAX_FILE = 1 << 20;

    private static final String SHIPPED = "root-anchors.zone";

    /** Only the root's keys. */
    static TrustAnchors ofRoot() {
        return new TrustAnchors(lines(shipped()));
    }

    /**
     * Those of the file, in master-file form, and those of the root unless the file has some of its own (a closed network may
     * have its own root).
     *
     * @throws IOException also when there is anything but DS and DNSKEY records in the file, or nothing
     */
    public static TrustAnchors of(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE) {
            throw new IOException(file + " is too large for a file of trust anchors");
        }
        List<Record> own = read(Files.readAllBytes(file));
        for (Record anchor : own) {
            if (!(anchor instanceof DSRecord || anchor instanceof DNSKEYRecord)) {
                throw new IOException(file + " holds something else than DS and DNSKEY records: " + anchor);
            }
        }
        if (own.isEmpty()) {
            throw new IOException(file + " holds no DS or DNSKEY record");
        }
        boolean hasRoot = own.stream().anyMatch(anchor -> anchor.getName().equals(Name.root));
        return new TrustAnchors(hasRoot ? lines(own) : lines(shipped()) + lines(own));
    }

    InputStream stream() {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static List<Record> shipped() {
        try (InputStream in = TrustAnchors.class.getResourceAsStream(SHIPPED)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its " + SHIPPED);
            }
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            in.transferTo(octets);
            return read(octets.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Record> read(byte[] octets) throws IOException {
        List<Record> records = new ArrayList<>();
        try (Master master = new Master(new ByteArrayInputStream(octets), Name.root, 0)) {
            // $INCLUDE would read other files, $GENERATE make records without end.
            master.disableIncludes();
            master.expandGenerate(false);
            for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
                records.add(record);
            }
        }
        return records;
    }

    private static String lines(List<Record> anchors) {
        StringBuilder text = new StringBuilder();
        anchors.forEach(anchor -> text.append(anchor).append('\n'));
        return text.toString();
    }
}
