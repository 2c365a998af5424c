package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.posthorn.testing.Conformance;
import org.posthorn.testing.Json;

/** The cases of isemail: what is valid in SMTP is accepted, what only headers may have is refused, as all else is. */
class AddressConformanceTest {
    @TestFactory
    Stream<DynamicTest> judgesAsIsemailDoes() throws IOException {
        String json = Files.readString(Conformance.require("address-isemail").resolve("tests.json"));
        return Json.array(Json.read(json)).stream()
                .map(Json::object)
                .map(test -> dynamicTest(test.get("id") + " " + test.get("address"), () -> judge(test)));
    }

    private static void judge(Map<String, Object> test) {
        boolean expected = switch ((String) test.get("category")) {
            case "ISEMAIL_VALID_CATEGORY", "ISEMAIL_RFC5321", "ISEMAIL_DNSWARN" -> true;
            default -> false;
        };
        assertThat(isAccepted(controls((String) test.get("address"))))
                .as("%s", test)
                .isEqualTo(expected);
    }

    private static boolean isAccepted(String address) {
        try {
            Address.parse(address);
            return true;
        } catch (MalformedAddressException refused) {
            return false;
        }
    }

    /** The suite writes control character n as U+2400 + n. */
    private static String controls(String text) {
        StringBuilder with = new StringBuilder();
        text.chars().forEach(c -> with.append((char) (c >= 0x2400 && c < 0x2420 ? c - 0x2400 : c)));
        return with.toString();
    }
}
