package org.posthorn.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Data directories as earlier builds have left them when they were killed, each named by its commit: the account a@example.test with the
 * password pw123456, and a queue of three messages, of which one is partly delivered and one lies in a file. INBOX has two messages, of which the first is flagged, has the keyword $Work and
 * was copied to Kept. e584268 is the first with version 2 of the spool and of the index. Of 603fad7 there are the directory and the keys alone: those of example.test in several states, and other.example, whose keys
 * wait.
 */
public final class OldData {
    private OldData() {}

    /** Unpacks a build's data into an empty directory. */
    public static void unpack(String build, Path to) throws IOException {
        try (InputStream in = Objects.requireNonNull(OldData.class.getResourceAsStream("/data/" + build + ".zip"));
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path path = to.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.resolveSibling("."));
                    Files.copy(zip, path);
                }
            }
        }
    }

    /** Every file below a directory with its length and check sum, so that a test sees that nothing was touched. */
    public static Map<String, String> files(Path directory) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                byte[] octets = Files.readAllBytes(file);
                CRC32C sum = new CRC32C();
                sum.update(octets);
                files.put(directory.relativize(file).toString(), octets.length + " " + sum.getValue());
            }
        }
        return files;
    }

    /** Changes a database as another release would, and closes it with all that was in its write-ahead log. */
    public static void change(Path database, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** The version and the tables of a database, in the words of their making. */
    public static List<String> schema(Path database) throws SQLException {
        List<String> schema = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery(
                    "SELECT sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")) {
                while (rows.next()) {
                    schema.add(rows.getString(1).replaceAll("\\s+", " "));
                }
            }
        }
        return schema;
    }
}
