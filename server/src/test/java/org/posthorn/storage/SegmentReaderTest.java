package org.posthorn.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of a segment, octet for octet. */
class SegmentReaderTest {
    private static final long SEGMENT = 7;
    private static final int MIB = 1 << 20;

    private final List<String> records = new ArrayList<>();

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    private static byte[] filled(int length, char with) {
        return ascii(String.valueOf(with).repeat(length));
    }

    private long read(SegmentReader reader, long limit) throws IOException {
        return reader.read(limit, (type, position, payload) -> {
            assertThat(position.segment()).isEqualTo(SEGMENT);
            assertThat(payload.remaining()).isEqualTo(position.length());
            records.add(type + "@" + position.offset() + " " + position.length() + " " + (char) payload.get(0)
                    + (char) payload.get(payload.limit() - 1));
        });
    }

    /** The format on disk: data of earlier builds has to be found again. */
    @ParameterizedTest
    @CsvSource({
        "5, 89abcdef, 3, 7, 64, 00000005 89abcdef 00000003 4d23d434",
        "8388608, 01234567, 255, 1, 0, 00800000 01234567 000000ff c56e105f",
        "1, 00000000, 1, 123456789, 1099511627776, 00000001 00000000 00000001 c0845d73",
    })
    void headersAreWrittenAsTheyAlwaysWere(int length, String crc, int type, long segment, long offset, String octets) {
        RecordHeader header = new RecordHeader(length, Integer.parseUnsignedInt(crc, 16), type);
        ByteBuffer written = ByteBuffer.allocate(24);
        header.put(written.position(8), segment, offset);
        assertThat(HexFormat.of().formatHex(written.array(), 8, 24)).isEqualTo(octets.replace(" ", ""));
        assertThat(RecordHeader.read(written, 8, segment, offset)).isEqualTo(header);
        assertThat(RecordHeader.read(written, 8, segment + 1, offset).isPresent())
                .isFalse();
        assertThat(RecordHeader.read(written, 8, segment, offset + 8).isPresent())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 8_388_609})
    void aLengthThatNoRecordHasIsNoHeader(int length) {
        ByteBuffer written = ByteBuffer.allocate(16);
        new RecordHeader(length, 1, 1).put(written, SEGMENT, 0);
        assertThat(RecordHeader.read(written, 0, SEGMENT, 0).isPresent()).isFalse();
    }

    @Test
    void recordsTakeMultiplesOfEight() {
        assertThat(RecordHeader.room(1)).isEqualTo(24);
        assertThat(RecordHeader.room(8)).isEqualTo(24);
        assertThat(RecordHeader.room(9)).isEqualTo(32);
        assertThat(RecordHeader.room(8_388_608)).isEqualTo(8_388_624);
    }

    @Test
    void readsARecordThatEndsWithTheFile() throws IOException {
        MemoryFile file = new MemoryFile(SEGMENT, 56);
        file.put(file.put(0, 1, ascii("one")), 2, ascii("nine char"));
        SegmentReader reader = new SegmentReader(file, SEGMENT);
        assertThat(read(reader, Long.MAX_VALUE)).isEqualTo(56);
        assertThat(records).containsExactly("1@16 3 oe", "2@40 9 nr");
        assertThat(reader.damage()).isEmpty();
        assertThat(reader.tornTail()).isEmpty();
    }

    @Test
    void readsOverTheEndsOfItsWindow() throws IOException {
        MemoryFile file = new MemoryFile(SEGMENT, 6 * MIB);
        int at = file.put(0, 1, filled(MIB - 100, 'a'));
        // Its header lies over the first window's end.
        at = file.put(at, 2, filled(MIB, 'b'));
        // Larger than the window.
        at = file.put(at, 3, filled(2 * MIB + 5, 'c'));
        at = file.put(at, 4, ascii("last"));
        assertThat(read(new SegmentReader(file, SEGMENT), Long.MAX_VALUE)).isEqualTo(at);
        assertThat(records)
                .containsExactly("1@16 1048476 aa", "2@1048512 1048576 bb", "3@2097104 2097157 cc", "4@4194280 4 lt");
    }

    @Test
    void findsWhatFollowsALongGap() throws IOException {
        MemoryFile file = new MemoryFile(SEGMENT, 3 * MIB);
        int first = file.put(0, 1, ascii("first"));
        int behind = 2 * MIB + 8;
        int end = file.put(file.put(behind, 2, ascii("behind")), 3, ascii("next"));
        SegmentReader reader = new SegmentReader(file, SEGMENT);
        assertThat(read(reader, Long.MAX_VALUE)).isEqualTo(end);
        assertThat(records).containsExactly("1@16 5 ft", "2@2097176 6 bd", "3@2097200 4 nt");
        assertThat(reader.damage()).containsExactly(new SegmentReader.Damage(first, behind));
    }

    @Test
    void tellsTheTornRecordAtTheEndFromDamageBeforeAKnownEnd() throws IOException {
        MemoryFile file = new MemoryFile(SEGMENT, 4096);
        int good = file.put(0, 1, ascii("good"));
        int end = file.put(good, 2, ascii("torn off"));
        file.octets[good + 16 + 3] ^= 1;

        SegmentReader unknown = new SegmentReader(file, SEGMENT);
        assertThat(read(unknown, Long.MAX_VALUE)).isEqualTo(good);
        assertThat(unknown.damage()).isEmpty();
        assertThat(unknown.tornTail()).contains(new SegmentReader.Damage(good, end));

        SegmentReader known = new SegmentReader(file, SEGMENT);
        assertThat(read(known, end)).isEqualTo(good);
        assertThat(known.damage()).containsExactly(new SegmentReader.Damage(good, end));
        assertThat(known.tornTail()).isEmpty();

        SegmentReader asKnown = new SegmentReader(file, SEGMENT);
        assertThat(read(asKnown, good)).isEqualTo(good);
        assertThat(asKnown.damage()).isEmpty();
    }

    @Test
    void nothingBehindTheKnownEndComesBack() throws IOException {
        MemoryFile file = new MemoryFile(SEGMENT, 4096);
        int end = file.put(0, 1, ascii("good"));
        file.put(end, 2, ascii("refused"));
        assertThat(read(new SegmentReader(file, SEGMENT), end)).isEqualTo(end);
        assertThat(records).containsExactly("1@16 4 gd");
    }

    @Test
    void theFirstRecordCountsOnlyIfItIsWholeAndOfTheType() throws IOException {
        MemoryFile file = new MemoryFile(SEGMENT, 24);
        file.put(0, 0, ascii("stamp"));
        assertThat(new SegmentReader(file, SEGMENT).first(0))
                .map(stamp -> US_ASCII.decode(stamp).toString())
                .contains("stamp");
        assertThat(new SegmentReader(file, SEGMENT).first(1)).isEmpty();
        assertThat(new SegmentReader(file, SEGMENT + 1).first(0)).isEmpty();
        file.octets[17] ^= 1;
        assertThat(new SegmentReader(file, SEGMENT).first(0)).isEmpty();
        MemoryFile cut = new MemoryFile(SEGMENT, 23);
        System.arraycopy(file.octets, 0, cut.octets, 0, 23);
        assertThat(new SegmentReader(cut, SEGMENT).first(0)).isEmpty();
        assertThat(new SegmentReader(new MemoryFile(SEGMENT, 15), SEGMENT).first(0))
                .isEmpty();
        assertThat(read(new SegmentReader(cut, SEGMENT), Long.MAX_VALUE)).isZero();
        assertThat(read(new SegmentReader(new MemoryFile(SEGMENT, 0), SEGMENT), Long.MAX_VALUE))
                .isZero();
    }
}
