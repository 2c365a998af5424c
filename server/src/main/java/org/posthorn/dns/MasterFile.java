package org.posthorn.dns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;

/**
 * Reads zone files (RFC 1035 5.1, as BIND writes them: {@code $ORIGIN}, {@code $TTL}, {@code $GENERATE}, parentheses,
 * comments). Before an {@code $ORIGIN}, names are taken as complete, with or without final dot. {@code $INCLUDE} is refused.
 */
public final class MasterFile {
    /** Records of one file; more are refused, so that a small {@code $GENERATE} cannot fill the memory. */
    static final int MAX_RECORDS = 200_000;

    private static final int MAX_OCTETS = 16 << 20;
    private static final long NO_TTL = 3600;

    private MasterFile() {}

    /** Throws an {@link IOException} that names the file, and for what is no zone file the line too. */
    public static ZoneResolver read(Path file) throws IOException {
        // The size of a pipe is not known before it has been read.
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(MAX_OCTETS + 1);
            if (octets.length > MAX_OCTETS) {
                throw new IOException(file + ": a zone file of more than " + MAX_OCTETS + " octets");
            }
            return read(octets);
        } catch (TextParseException e) {
            throw new IOException(file + ": not a zone file: " + place(e), e);
        }
    }

    /** The records of a zone file's text. */
    public static ZoneResolver of(String text) throws IOException {
        try {
            return read(text.getBytes(StandardCharsets.UTF_8));
        } catch (TextParseException e) {
            throw new IOException("not a zone file: " + place(e), e);
        }
    }

    /** dnsjava says {@code <none>:3: what is wrong}. */
    private static String place(TextParseException e) {
        return String.valueOf(e.getMessage()).replaceFirst("^<[^>]*>:", "line ");
    }

    private static ZoneResolver read(byte[] file) throws IOException {
        ZoneResolver zone = new ZoneResolver();
        try (Master master = new Master(new ByteArrayInputStream(escaped(file)), Name.root, NO_TTL)) {
            master.disableIncludes(true);
            int count = 0;
            for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
                if (++count > MAX_RECORDS) {
                    throw new IOException("a zone file of more than " + MAX_RECORDS + " records");
                }
                add(zone, record);
            }
        }
        return zone;
    }

    /** With every octet beyond ASCII as a decimal escape (RFC 1035 5.1): dnsjava takes it for a character of Latin-1 otherwise. */
    private static byte[] escaped(byte[] file) {
        StringBuilder text = new StringBuilder(file.length);
        for (byte octet : file) {
            if (octet >= 0) {
                text.append((char) octet);
            } else {
                text.append('\\').append(octet & 0xff);
            }
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** A record of a type that nobody asks for still makes its name exist. */
    static void add(ZoneResolver zone, Record record) {
        add(zone, record.getName().toString(true), record);
    }

    /** As if the record were at this name. */
    static void add(ZoneResolver zone, String name, Record record) {
        zone.withName(name);
        for (RecordType<?> type : RecordType.ALL) {
            if (type.code() == record.getType()) {
                add(zone, type, name, record);
            }
        }
    }

    private static <T> void add(ZoneResolver zone, RecordType<T> type, String name, Record record) {
        zone.with(type, name, type.data().cast(LookUp.data(record)));
    }
}
