package org.posthorn.zone.publish;

import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.zone.DesiredRecord;

/** A plan for people to read. Text with LF after each line. */
public final class PlanText {
    private PlanText() {}

    /**
     * The plan, whole.
     *
     * @param provider who keeps the zone
     */
    public static String of(PublishPlan plan, String provider) {
        StringBuilder text = new StringBuilder("Zone ")
                .append(plan.zone())
                .append(", kept by ")
                .append(provider)
                .append(".\n");
        if (plan.isEmpty()) {
            text.append("Nothing to publish.\n");
        }
        for (PlannedChange change : plan.changes()) {
            change.removed().forEach(record -> line(text, "- ", record));
            if (change.adds()) {
                line(text, "+ ", change.wanted().record());
            }
            reason(
                    text,
                    change.wanted().reason()
                            + (change.removed().isEmpty() ? "" : "; what is removed is outdated or in its way"));
        }
        for (ZoneRecord record : plan.stale()) {
            line(text, "- ", record);
            reason(text, "Posthorn published it, and it is not wanted any more");
        }
        for (PublishPlan.AddressName name : plan.names()) {
            text.append("  + ")
                    .append(name.address().getHostAddress())
                    .append(" resolves to ")
                    .append(name.after())
                    .append(name.before().isEmpty() ? "" : ", no more to " + name.before())
                    .append('\n');
        }
        if (!plan.conflicts().isEmpty()) {
            text.append("\nFor you to decide:\n");
        }
        for (Conflict conflict : plan.conflicts()) {
            line(text, "! ", conflict.wanted().record());
            conflict.present().forEach(record -> line(text, "  is there: ", record));
            reason(text, conflict.remedy());
        }
        if (!plan.byHand().isEmpty()) {
            text.append("\nTo be done elsewhere:\n");
        }
        for (DesiredRecord desired : plan.byHand()) {
            line(text, "  ", desired.record());
            reason(text, desired.reason());
        }
        return text.append('\n').toString();
    }

    private static void line(StringBuilder text, String mark, ZoneRecord record) {
        text.append("  ").append(mark).append(record.zoneLine()).append('\n');
    }

    private static void reason(StringBuilder text, String reason) {
        text.append("      ").append(reason).append(".\n");
    }
}
