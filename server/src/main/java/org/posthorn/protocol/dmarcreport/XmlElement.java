package org.posthorn.protocol.dmarcreport;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An element below the root, with its text and children; of attributes and comments nothing is kept. */
final class XmlElement {
    private final String name;
    private final StringBuilder text = new StringBuilder();
    private final List<XmlElement> children = new ArrayList<>(4);

    XmlElement(String name) {
        this.name = name;
    }

    void add(XmlElement child) {
        children.add(child);
    }

    /** Takes text up to the limit; the rest is cut off. */
    void append(String more, int limit) {
        text.append(more, 0, Math.clamp(limit - text.length(), 0, more.length()));
    }

    String name() {
        return name;
    }

    /** Without white space around it. */
    String text() {
        return text.toString().strip();
    }

    Stream<XmlElement> children(String wanted) {
        return children.stream().filter(child -> child.name.equals(wanted));
    }

    Optional<XmlElement> child(String wanted) {
        return children(wanted).findFirst();
    }

    /** The child, or an empty element. */
    XmlElement childOrEmpty(String wanted) {
        return child(wanted).orElseGet(() -> new XmlElement(wanted));
    }

    /** The text of the child; empty when there is no child. */
    Optional<String> textOf(String wanted) {
        return child(wanted).map(XmlElement::text);
    }
}
