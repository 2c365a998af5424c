package org.posthorn;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.testing.Checkout;

/**
 * Numbers that the documents give in their text are those of the code: the words stand there, and the constant has that value, octets
 * or milliseconds where it has a unit. The tests of each class exceed them.
 */
class DocumentedNumbersTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RFCS.md | boundaries up to 1,000 octets | mail.mime.MimeStructure.MAX_BOUNDARY | 1000
            RFCS.md | 100 levels, 10,000 parts | mail.mime.MimeStructure.MAX_DEPTH | 100
            RFCS.md | 100 levels, 10,000 parts | mail.mime.MimeStructure.MAX_PARTS | 10000
            RFCS.md | client, in groups of 8 KiB | client.smtp.ClientTransaction.WINDOW | 8192
            RFCS.md | 20 signatures of a message are looked at | protocol.dkim.DkimVerifier.MAX_SIGNATURES | 20
            RFCS.md | failures kept for 5 seconds | dns.LookUp.FAILURE_TTL | 5000
            RFCS.md | of lines over 998 octets | mail.mime.PartSurvey.MAX_LINE | 998
            docs/dns.md | failures for 5 seconds | dns.LookUp.FAILURE_TTL | 5000
            docs/dns.md | they are tried every 5 minutes | dns.AutomaticSource.BETWEEN_TRIES | 300000
            docs/milter.md | is told every 10 seconds that the message is still being judged | server.milter.MilterConfig.PROGRESS_INTERVAL | 10000
            docs/verdicts.md | Messages have at most 1 GiB | cli.check.MessageInput.MAX_SIZE | 1073741824
            docs/verdicts.md | of which the header at most 8 MiB | cli.check.MessageInput.MAX_HEADER | 8388608
            docs/verdicts.md | Of a message 20 signatures are looked at | protocol.dkim.DkimVerifier.MAX_SIGNATURES | 20
            docs/verdicts.md | more than 6 different parts of the | protocol.dkim.BodyHashes.MAX_PARTS | 6
            docs/verdicts.md | at most 50 sets | protocol.arc.ArcChain.MAX_SETS | 50
            docs/verdicts.md | no more than 10 terms' worth | protocol.spf.LookUps.MAX_TERMS | 10
            docs/verdicts.md | 0 of 2 void look-ups | protocol.spf.LookUps.MAX_VOIDS | 2
            docs/verdicts.md | Zone files and lists of public suffixes have at most 16 MiB | dns.MasterFile.MAX_OCTETS | 16777216
            docs/verdicts.md | Zone files and lists of public suffixes have at most 16 MiB | cli.check.DmarcCheck.MAX_LIST | 16777216
            docs/verdicts.md | more than 16 Mi characters | cli.check.CheckCommand.MAX_LINE | 16777216
            docs/verdicts.md | or 500,000 names, values | json.Json.MAX_TOKENS | 500000
            docs/authentication.md | the first 1,000 such lines of a message, and the last 64 are compared | protocol.dkim.LineCuts.MAX_CUTS | 1000
            docs/reports.md | no more once it has 2 GiB | reporting.ReportStore.MAX_FILE | 2147483648
            docs/reports.md | and end after a minute | reporting.ReportUpload.WHOLE | 60000
            docs/reports.md | at most 100 failures told apart | reporting.TlsSessionTable.MAX_FAILURES | 100
            docs/reports.md | a day 50,000 rows | reporting.TlsSessionTable.MAX_ROWS | 50000
            docs/reports.md | of at most 10 MiB each | reporting.ReportReader.MAX_FILE | 10485760
            docs/reports.md | Of more than 5,000 reports | admin.LocalReportAdmin.MAX_REPORTS | 5000
            docs/operating.md | a request has at most 4 MiB | admin.http.AdminExchange.MAX_REQUEST | 4194304
            docs/operating.md | 16 requests are worked on at once | admin.http.AdminHandler.MAX_CONCURRENT | 16
            docs/operating.md | shows the 1,000 oldest messages | cli.QueueListCommand.LISTED | 1000
            docs/domains-accounts-aliases.md | 8 to 1,000 of them | directory.NewPassword.MIN_LENGTH | 8
            docs/domains-accounts-aliases.md | 8 to 1,000 of them | directory.NewPassword.MAX_LENGTH | 1000
            """)
    void areThoseOfTheCode(String document, String words, String constant, long value) throws Exception {
        String text = Files.readString(Checkout.root().resolve(document)).replaceAll("\\s+", " ");
        assertThat(text).contains(words);
        int dot = constant.lastIndexOf('.');
        Field field = Class.forName("org.posthorn." + constant.substring(0, dot))
                .getDeclaredField(constant.substring(dot + 1));
        field.setAccessible(true);
        Object held = field.get(null);
        assertThat(held instanceof Duration time ? time.toMillis() : ((Number) held).longValue())
                .isEqualTo(value);
    }
}
