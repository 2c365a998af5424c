/** The hot paths alone, under JMH: header scan, MIME structure, DKIM body hash and signatures. */
@org.jspecify.annotations.NullMarked
package org.posthorn.bench.micro;
