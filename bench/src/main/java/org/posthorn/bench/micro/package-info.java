/** The hot paths alone, under JMH: header scan, MIME structure. */
@org.jspecify.annotations.NullMarked
package org.posthorn.bench.micro;
