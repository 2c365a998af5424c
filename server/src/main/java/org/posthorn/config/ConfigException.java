package org.posthorn.config;

import java.util.List;

/** A configuration that cannot be used; holds every complaint, each in one line with file, line, key and remedy. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> complaints;

    public ConfigException(List<String> complaints) {
        super(String.join("\n", complaints), null, false, false);
        this.complaints = List.copyOf(complaints);
    }

    public List<String> complaints() {
        return complaints;
    }
}
