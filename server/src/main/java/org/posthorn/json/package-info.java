/**
 * JSON (RFC 8259) as values: {@link org.posthorn.json.Json} reads and writes, {@link org.posthorn.json.JsonValue} is what there
 * is. Strict as I-JSON (RFC 7493 2.3): a member named twice, anything after the value, and every departure from the grammar
 * is a {@link org.posthorn.json.MalformedJsonException}. The tokens are Jackson's, which nobody else should need to know.
 *
 * <p>Limits: 100 levels, names of 10,000 characters, numbers of 400; the length of the whole is up to who read the text.
 */
@NullMarked
package org.posthorn.json;

import org.jspecify.annotations.NullMarked;
