package org.posthorn.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/**
 * A configuration file being read. Ask {@link #root} for the sections and values, then call {@link #finish}, which throws when
 * anything was wrong. At most 1 MiB.
 */
public final class ConfigFile {
    private static final long MAX_SIZE = 1 << 20;

    /** A complaint and where it points, for sorting. */
    record Complaint(int line, String text) {}

    private final String name;
    /** Each once, although a value that several parts need is read several times. */
    private final Set<Complaint> complaints = new LinkedHashSet<>();

    private final Section root;

    private ConfigFile(String name, TomlParseResult parsed) {
        this.name = name;
        parsed.errors().forEach(error -> complain(error.position().line(), String.valueOf(error.getMessage())));
        this.root = new Section(this, "", parsed);
    }

    public static ConfigFile read(Path file) throws ConfigException {
        try {
            if (Files.size(file) > MAX_SIZE) {
                throw new ConfigException(List.of(file + ": larger than 1 MiB; this is not a configuration file"));
            }
            return parse(file.toString(), text(file, Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            throw new ConfigException(List.of(file + ": no such file; name another with --config"));
        } catch (IOException e) {
            throw new ConfigException(List.of(file + ": cannot be read: " + FileTrouble.reason(e)));
        }
    }

    /** TOML is UTF-8; editors of Windows put a byte order mark before it. */
    private static String text(Path file, byte[] octets) throws ConfigException {
        String octetWise = new String(octets, StandardCharsets.ISO_8859_1);
        int line = 1;
        for (String one : octetWise.split("\n", -1)) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(one.getBytes(StandardCharsets.ISO_8859_1)));
            } catch (CharacterCodingException e) {
                throw new ConfigException(
                        List.of(file + ":" + line + ": is not UTF-8; save the file in that encoding"));
            }
            line++;
        }
        String text = new String(octets, StandardCharsets.UTF_8);
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    /** Reads a configuration from text; {@code name} stands for the file in complaints. */
    public static ConfigFile parse(String name, String text) {
        return new ConfigFile(name, Toml.parse(text));
    }

    public Section root() {
        return root;
    }

    /** To be called when everything was asked for: throws all complaints, and those about keys that nobody knows. */
    public void finish() throws ConfigException {
        root.complainAboutUnknownKeys();
        if (!complaints.isEmpty()) {
            throw new ConfigException(complaints.stream()
                    .sorted(Comparator.comparingInt(Complaint::line))
                    .map(Complaint::text)
                    .toList());
        }
    }

    /** Every key that was asked for, as a dotted path; what the documentation must tell of. */
    public List<String> knownKeys() {
        return root.knownKeys();
    }

    void complain(int line, String text) {
        complaints.add(new Complaint(line, name + (line > 0 ? ":" + line : "") + ": " + text));
    }
}
