/**
 * DMARC aggregate reports (RFC 9990, and RFC 7489 appendix C as they were before and mostly still are): read leniently, in any XML
 * namespace or none, and written strictly. Pure: bytes in, values out.
 *
 * <p>Reports come from anybody. The XML is read as a stream without document types and without entities but the five predefined
 * ones; depth, elements, records and texts are bounded ({@link org.posthorn.protocol.dmarcreport.AggregateReportParser}); what goes
 * beyond, or makes no sense where sense is needed (addresses, counts, dates), is a {@link
 * org.posthorn.protocol.dmarcreport.ReportSyntaxException} with the reason, and nothing is kept of such a report.
 */
@NullMarked
package org.posthorn.protocol.dmarcreport;

import org.jspecify.annotations.NullMarked;
