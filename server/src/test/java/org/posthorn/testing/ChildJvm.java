package org.posthorn.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java program of this build in a process of its own, that a test may signal and kill. */
public final class ChildJvm {
    private ChildJvm() {}

    /**
     * Not started yet. Its signals are as they are by default: one that is ignored, as nohup and the background of a shell have it, would
     * stay so in whatever is started.
     */
    public static ProcessBuilder of(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=HUP,INT,TERM",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
