package org.posthorn.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of the configuration. Each question names a key, its default and its bounds; a value that does not fit is
 * complained about, and the default is returned so that reading can go on. Used by one thread.
 */
public final class Section {
    private final ConfigFile file;
    private final String path;
    private final @Nullable TomlTable table;
    private final Set<String> known = new LinkedHashSet<>();
    private final Map<String, Section> children = new LinkedHashMap<>();

    Section(ConfigFile file, String path, @Nullable TomlTable table) {
        this.file = file;
        this.path = path;
        this.table = table;
    }

    /** The table below this one; an empty one when the file has none. */
    public Section section(String key) {
        @Nullable Section present = children.get(key);
        if (present != null) {
            return present;
        }
        @Nullable Object value = raw(key);
        if (value != null && !(value instanceof TomlTable)) {
            complain(key, "must be a table: [" + full(key) + "]");
        }
        Section child = new Section(file, full(key), value instanceof TomlTable t ? t : null);
        children.put(key, child);
        return child;
    }

    /** The keys the file gives here, for tables whose keys are names of the user's choice. Marks them all as known. */
    public List<String> keys() {
        if (table == null) {
            return List.of();
        }
        known.addAll(table.keySet());
        return List.copyOf(table.keySet());
    }

    public boolean has(String key) {
        return raw(key) != null;
    }

    public String text(String key, String fallback) {
        return text(key).orElse(fallback);
    }

    public Optional<String> text(String key) {
        @Nullable Object value = raw(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text && !text.isBlank()) {
            return Optional.of(text);
        }
        complain(key, "must be a text in quotes that is not empty");
        return Optional.empty();
    }

    public Optional<Path> file(String key) {
        return parsed(key, Path::of);
    }

    /** One file or a list of them. */
    public List<Path> files(String key) {
        List<Path> files = new ArrayList<>();
        for (String text : texts(key, List.of())) {
            attempt(key, text, Path::of).ifPresent(files::add);
        }
        return List.copyOf(files);
    }

    /** A text put through a parser, whose IllegalArgumentException says what is wrong with it. */
    public <T> Optional<T> parsed(String key, Function<String, T> parser) {
        return text(key).flatMap(text -> attempt(key, text, parser));
    }

    private <T> Optional<T> attempt(String key, String text, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(text));
        } catch (IllegalArgumentException e) {
            complain(key, e.getMessage() == null ? "\"" + text + "\" cannot be understood" : e.getMessage());
            return Optional.empty();
        }
    }

    public boolean flag(String key, boolean fallback) {
        @Nullable Object value = raw(key);
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value != null) {
            complain(key, "must be true or false");
        }
        return fallback;
    }

    public int integer(String key, int fallback, int min, int max) {
        @Nullable Object value = raw(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Long number && number >= min && number <= max) {
            return Math.toIntExact(number);
        }
        complain(key, "must be a whole number from " + min + " to " + max);
        return fallback;
    }

    /** Octets: a whole number, or a text with KiB, MiB or GiB. */
    public long size(String key, String fallback, String min, String max) {
        return size(key, Units.size(fallback), min, max);
    }

    public long size(String key, long fallback, String min, String max) {
        return quantity(key, fallback, min, max, Units::size);
    }

    /** A time such as {@code "30s"}, {@code "5m"}, {@code "4h"}, {@code "5d"}. */
    public Duration duration(String key, String fallback, String min, String max) {
        return duration(key, Units.duration(fallback), min, max);
    }

    public Duration duration(String key, Duration fallback, String min, String max) {
        return quantity(key, fallback, min, max, Units::duration);
    }

    private <T extends Comparable<T>> T quantity(
            String key, T byDefault, String min, String max, Function<String, T> parser) {
        @Nullable Object value = raw(key);
        if (value == null) {
            return byDefault;
        }
        Optional<T> parsed = attempt(key, String.valueOf(value), parser);
        if (parsed.isPresent()
                && (parsed.get().compareTo(parser.apply(min)) < 0
                        || parsed.get().compareTo(parser.apply(max)) > 0)) {
            complain(key, "must be from " + min + " to " + max);
            return byDefault;
        }
        return parsed.orElse(byDefault);
    }

    /** {@code HOST:PORT}, {@code [ADDRESS]:PORT}, or {@code HOST} with a default port. */
    public Optional<InetSocketAddress> address(String key, int defaultPort) {
        return parsed(key, text -> Units.address(text, defaultPort));
    }

    /** One address or a list of them. */
    public List<InetSocketAddress> addresses(String key, List<InetSocketAddress> fallback, int defaultPort) {
        if (!has(key)) {
            return fallback;
        }
        List<InetSocketAddress> result = new ArrayList<>();
        for (String text : texts(key, List.of())) {
            attempt(key, text, t -> Units.address(t, defaultPort)).ifPresent(result::add);
        }
        return List.copyOf(result);
    }

    /** One text or a list of them. */
    public List<String> texts(String key, List<String> fallback) {
        @Nullable Object value = raw(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof String text) {
            return List.of(text);
        }
        if (value instanceof TomlArray array) {
            List<String> result = new ArrayList<>();
            for (Object element : array.toList()) {
                if (element instanceof String text) {
                    result.add(text);
                } else {
                    complain(key, "must hold texts in quotes only");
                    return fallback;
                }
            }
            return List.copyOf(result);
        }
        complain(key, "must be a text or a list of texts");
        return fallback;
    }

    /** The texts of a table whose keys are names of the user's choice. */
    public Map<String, String> textTable(String key) {
        Section child = section(key);
        Map<String, String> result = new LinkedHashMap<>();
        for (String name : child.keys()) {
            child.text(name).ifPresent(text -> result.put(name, text));
        }
        return result;
    }

    /** Records that a value is wrong, with its key and line. */
    public void complain(String key, String what) {
        file.complain(line(key), full(key) + ": " + what);
    }

    private int line(String key) {
        if (table == null) {
            return 0;
        }
        @Nullable TomlPosition position = table.inputPositionOf(List.of(key));
        return position == null ? 0 : position.line();
    }

    private @Nullable Object raw(String key) {
        known.add(key);
        return table == null ? null : table.get(List.of(key));
    }

    private String full(String key) {
        String shown = key.matches("[A-Za-z0-9_-]+") ? key : "\"" + key + "\"";
        return path.isEmpty() ? shown : path + "." + shown;
    }

    List<String> knownKeys() {
        List<String> keys = new ArrayList<>();
        children.values().forEach(child -> keys.addAll(child.knownKeys()));
        Set<String> tables = new LinkedHashSet<>();
        children.values().forEach(child -> tables.add(child.path));
        known.stream().map(this::full).filter(key -> !tables.contains(key)).forEach(keys::add);
        return keys;
    }

    void complainAboutUnknownKeys() {
        if (table != null) {
            for (String key : table.keySet()) {
                if (!known.contains(key)) {
                    complain(key, "unknown key" + suggestion(key));
                }
            }
        }
        children.values().forEach(Section::complainAboutUnknownKeys);
    }

    private String suggestion(String key) {
        Optional<String> nearest = Suggestion.nearest(key, known);
        if (nearest.isPresent()) {
            return "; did you mean \"" + nearest.get() + "\"?";
        }
        return known.isEmpty() ? "" : "; known here: " + String.join(", ", known);
    }
}
