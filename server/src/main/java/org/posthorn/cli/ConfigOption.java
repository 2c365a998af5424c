package org.posthorn.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names the configuration file, for every command that needs one. */
final class ConfigOption {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            defaultValue = "${POSTHORN_CONFIG:-/etc/posthorn/posthorn.toml}",
            description = "configuration file (default: ${DEFAULT-VALUE}, or what POSTHORN_CONFIG names)")
    Path file = Path.of("/etc/posthorn/posthorn.toml");
}
