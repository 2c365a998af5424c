package org.posthorn.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void readsEveryKindOfValue() {
        JsonObject object = Json.readObject("""
                { "text": "a\\u00e9\\n\\ud83d\\ude00", "n": -12.50, "yes": true, "no": false, "nothing": null,
                  "list": [1, "x", [], {}], "inner": {"a": 1} }
                """);

        assertThat(object.text("text")).contains("aé\n😀");
        assertThat(object.member("n")).map(JsonValue::toString).contains("-12.50");
        assertThat(object.isTrue("yes")).isTrue();
        assertThat(object.isTrue("no")).isFalse();
        assertThat(object.isTrue("absent")).isFalse();
        assertThat(object.member("nothing")).isEmpty();
        assertThat(object.array("list")).hasSize(4);
        assertThat(object.object("inner").flatMap(inner -> inner.integer("a"))).contains(1L);
    }

    @Test
    void writesWhatItReads() {
        String text = "{\"a\":\"\\\"\\\\\\n\\u0000é\",\"b\":[1,2.50,true,null],\"c\":{},\"n\":9007199254740993}";

        assertThat(Json.write(Json.read(text))).isEqualTo(text);
    }

    @Test
    void buildsAnObject() {
        JsonObject object = JsonObject.builder()
                .put("result", "pass")
                .put("lookups", 3)
                .put("ok", true)
                .put("names", List.of(new JsonText("a")))
                .putIfPresent("left-out", Optional.empty())
                .putIfPresent("there", Optional.of("x"))
                .build();

        assertThat(object)
                .hasToString("{\"result\":\"pass\",\"lookups\":3,\"ok\":true,\"names\":[\"a\"],\"there\":\"x\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{} x",
                "{}{}",
                "{\"a\":}",
                "[1,]",
                "{\"a\":1,}",
                "[1 2]",
                "[01]",
                "[+1]",
                "[.5]",
                "[NaN]",
                "-",
                "{a:1}",
                "{'a':1}",
                "\"\\x\"",
                "\"abc",
                "\"line\nbreak\"",
                "nul",
                "{\"a\":truex}",
                "[1,,2]",
                "// no\n{}",
                "{\"a\":1,\"a\":2}",
                "]"
            })
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void refusesWhatIsTooDeepOrTooLong() {
        int depth = Json.MAX_DEPTH;
        Json.read("[".repeat(depth) + "]".repeat(depth));

        assertThatThrownBy(() -> Json.read("[".repeat(1_000_000))).isInstanceOf(MalformedJsonException.class);
        assertThatThrownBy(() -> Json.read("1".repeat(Json.MAX_NUMBER + 1))).isInstanceOf(MalformedJsonException.class);
        assertThatThrownBy(() -> Json.read("{\"" + "n".repeat(Json.MAX_NAME + 1000) + "\":1}"))
                .isInstanceOf(MalformedJsonException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e99999999999", "[[1E-99999999999]]", "0e55555555555555555"})
    void refusesAnExponentThatNoNumberHolds(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(MalformedJsonException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e2147483647", "1e-2147483647", "1.5E+99999", "0e2147483647"})
    void keepsALargeExponentSmall(String text) {
        JsonNumber number = (JsonNumber) Json.read(text);

        assertThat(Json.write(number)).hasSizeLessThan(50);
        if (number.value().signum() == 0) {
            assertThat(number.asLong()).isZero();
        } else {
            assertThatThrownBy(number::asLong).isInstanceOf(MalformedJsonException.class);
        }
    }

    @Test
    void tellsWhatAMemberShouldHaveBeen() {
        JsonObject object = Json.readObject("{\"ip\":1,\"n\":1.5,\"big\":1e999999999,\"t\":\"x\"}");

        assertThatThrownBy(() -> object.text("ip")).hasMessage("\"ip\" is a number, but must be text");
        assertThatThrownBy(() -> object.integer("n")).isInstanceOf(MalformedJsonException.class);
        assertThatThrownBy(() -> object.integer("big")).isInstanceOf(MalformedJsonException.class);
        assertThatThrownBy(() -> object.object("t")).hasMessage("\"t\" is text, but must be an object");
        assertThatThrownBy(() -> Json.readObject("[]")).hasMessage("not a JSON object");
    }
}
