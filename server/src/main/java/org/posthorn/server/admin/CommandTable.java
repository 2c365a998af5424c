package org.posthorn.server.admin;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.posthorn.directory.DirectoryException;
import org.posthorn.mail.MalformedAddressException;
import org.posthorn.signing.DkimKeyException;

/** The administrative commands by name. Filled once, then thread-safe. */
public final class CommandTable {
    /** Does the work; arguments are those after the command's name. */
    @FunctionalInterface
    public interface Command {
        AdminReply run(List<String> arguments);
    }

    private record Entry(int minimum, int maximum, Command command) {}

    private final Map<String, Entry> entries = new TreeMap<>();

    /** Adds a command of one or two words that takes so many arguments. */
    public CommandTable add(String name, int minimum, int maximum, Command command) {
        entries.put(name, new Entry(minimum, maximum, command));
        return this;
    }

    /** Carries a command out: its name, then its arguments. */
    public AdminReply run(List<String> words) {
        for (int length = Math.min(2, words.size()); length > 0; length--) {
            Entry entry = entries.get(String.join(" ", words.subList(0, length)));
            if (entry != null) {
                return run(entry, words.subList(length, words.size()));
            }
        }
        return AdminReply.failed("no such command here: "
                + String.join(" ", words.subList(0, Math.min(2, words.size()))));
    }

    private static AdminReply run(Entry entry, List<String> arguments) {
        if (arguments.size() < entry.minimum() || arguments.size() > entry.maximum()) {
            return AdminReply.failed("wrong number of arguments");
        }
        try {
            return entry.command().run(arguments);
        } catch (DirectoryException | DkimKeyException | MalformedAddressException e) {
            return AdminReply.failed(String.valueOf(e.getMessage()));
        }
    }
}
