package org.posthorn.zone.check;

import java.util.List;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.Domain;

/** All findings about one domain. */
public record CheckReport(Domain domain, List<Finding> findings) {
    /** Characters of a text shown to people: keys are long, and nobody reads them. */
    private static final int LINE = 160;

    public CheckReport {
        findings = List.copyOf(findings);
    }

    /** 0 when all is well, 1 when something is wrong or missing, 2 when the rest could not be looked up. */
    public int exitStatus() {
        if (has(State.WRONG) || has(State.MISSING)) {
            return 1;
        }
        return has(State.UNKNOWN) ? 2 : 0;
    }

    private boolean has(State state) {
        return count(state) > 0;
    }

    private long count(State state) {
        return findings.stream().filter(finding -> finding.state() == state).count();
    }

    /** A line for each finding, and below it what mends it. */
    public String text() {
        int topics = findings.stream()
                .mapToInt(finding -> finding.topic().length())
                .max()
                .orElse(0);
        int names = findings.stream()
                .mapToInt(finding -> finding.name().length())
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append(pad(finding.state().word(), 8))
                    .append(pad(finding.topic(), topics + 1))
                    .append(pad(finding.name(), names + 1))
                    .append(shortened(finding.text()));
            while (text.charAt(text.length() - 1) == ' ') {
                text.setLength(text.length() - 1);
            }
            text.append('\n');
            finding.fix().forEach(line -> text.append("        ").append(line).append('\n'));
        }
        return text.append(String.format(
                        "%s: %d found, %d missing, %d wrong, %d unknown%n",
                        domain, count(State.FOUND), count(State.MISSING), count(State.WRONG), count(State.UNKNOWN)))
                .toString();
    }

    private static String shortened(String text) {
        return text.length() <= LINE ? text : text.substring(0, LINE) + "...";
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    public JsonObject json() {
        return JsonObject.builder()
                .put("domain", domain.name())
                .put("status", exitStatus())
                .put(
                        "findings",
                        findings.stream()
                                .map(finding -> JsonObject.builder()
                                        .put("state", finding.state().word())
                                        .put("topic", finding.topic())
                                        .put("name", finding.name())
                                        .put("text", finding.text())
                                        .put("fix", JsonArray.ofTexts(finding.fix()))
                                        .build())
                                .toList())
                .build();
    }
}
