package org.posthorn.mail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterListTest {
    /** RFC 2045 5.1, RFC 2231 3 and 4, and what real senders write: as it stands in BODYSTRUCTURE, and decoded. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "text/plain; charset=us-ascii (Plain text)|charset=us-ascii|us-ascii",
                "text/plain; charset=\"us-ascii\"|charset=us-ascii|us-ascii",
                "text/plain; CharSet = us-ascii ;|charset=us-ascii|us-ascii",
                "message/external-body; access-type=URL; URL*0=\"ftp://\"; URL*1=\"cs.utk.edu/pub\""
                        + "|access-type=URL url=ftp://cs.utk.edu/pub|URL ftp://cs.utk.edu/pub",
                "application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A"
                        + "|title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A|This is ***fun***",
                "application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20; "
                        + "title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\""
                        + "|title*=us-ascii'en'This%20is%20even%20more%20%2A%2A%2Afun%2A%2A%2A%20isn't it!"
                        + "|This is even more ***fun*** isn't it!",
                "a/b; name*1=two; name*0=one|name=onetwo|onetwo",
                "a/b; name*0=one; name*2=three|name=one|one",
                "a/b; name*1=two|name=|",
                "a/b; name*=utf-8''%C3%A4|name*=utf-8''%C3%A4|ä",
                "a/b; name*=%C3%A4|name*=%C3%A4|ä",
                "a/b; name*=utf-8''%C3%A|name*=utf-8''%C3%A|\uFFFD%A",
                "a/b; name*=nonsense''a|name*=nonsense''a|a",
                "a/b; name==?utf-8?q?=C3=A4?=|name==?utf-8?q?=C3=A4?=|ä",
                "a/b; name=\"a\\\"b; c=d\"|name=a\"b; c=d|a\"b; c=d",
                "a/b; name=\"open|name=open|open",
                "a/b; boundary=----=_Part/1|boundary=----=_Part/1|----=_Part/1",
                "a/b; x=1; X=2|x=1|1",
                "a/b; noise; x=1|x=1|1",
                "a/b;;; x=1|x=1|1",
                "a/b x=1|| ",
                "a/b; x*y=1|x*y=1|1"
            })
    void reads(String value, String entries, String decoded) {
        ParameterList parameters = ContentType.parse(value).orElseThrow().parameters();

        assertThat(parameters.entries().stream()
                        .map(parameter -> parameter.name() + "=" + parameter.value())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(entries == null ? "" : entries);
        assertThat(parameters.entries().stream()
                        .map(parameter -> parameters
                                .value(
                                        parameter.name().endsWith("*")
                                                ? parameter
                                                        .name()
                                                        .substring(
                                                                0,
                                                                parameter.name().length() - 1)
                                                : parameter.name())
                                .orElseThrow())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(decoded == null ? "" : decoded);
    }

    @Test
    void readsNoMoreParametersThanAllowed() {
        StringBuilder value = new StringBuilder("a/b");
        for (int i = 0; i < ParameterList.MAX_PARAMETERS + 10; i++) {
            value.append("; p").append(i).append("=1");
        }
        assertThat(ContentType.parse(value.toString())
                        .orElseThrow()
                        .parameters()
                        .entries())
                .hasSize(ParameterList.MAX_PARAMETERS);
    }

    @ParameterizedTest
    @CsvSource({"text", "/plain", "''", "text/", "; charset=x", "text;plain"})
    void takesWhatHasNoSubtypeForNoType(String value) {
        assertThat(ContentType.parse(value)).isEmpty();
    }

    @Test
    void readsTypesWithCommentsAndSpaces() {
        assertThat(ContentType.parse(" (a) Text (b) / (c) HTML (d); charset=x")
                        .orElseThrow()
                        .mediaType())
                .isEqualTo("text/html");
    }

    @Test
    void readsDispositions() {
        ContentDisposition disposition = ContentDisposition.parse(
                        "ATTACHMENT; filename=\"genome.jpeg\"; modification-date=\"Wed, 12 Feb 1997 16:29:51 -0500\"")
                .orElseThrow();
        assertThat(disposition.type()).isEqualTo("attachment");
        assertThat(disposition.filename()).contains("genome.jpeg");
        assertThat(disposition.parameters().value("modification-date")).contains("Wed, 12 Feb 1997 16:29:51 -0500");
        assertThat(ContentDisposition.parse(";filename=x")).isEmpty();
    }
}
