package org.posthorn.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.posthorn.config.ConfigException;
import org.posthorn.config.ConfigFile;
import org.posthorn.mail.Domain;

class SigningConfigTest {
    private static final Domain HERE = Domain.parse("posthorn.test");

    private static SigningConfig read(String toml) throws ConfigException {
        ConfigFile file = ConfigFile.parse("test.toml", toml);
        SigningConfig config = SigningConfig.read(file.root().section("dkim"));
        file.finish();
        return config;
    }

    @Test
    void namesKeysInTheOrderOfTheirSelectors() throws ConfigException {
        SigningConfig config = read("""
                [dkim."Posthorn.Test"]
                s2 = "/keys/two.pem"
                s1 = "/keys/one.pem"
                [dkim."empty.test"]
                """);
        assertThat(config.of(HERE))
                .containsExactly(
                        new DkimKeyFile(HERE, "s1", Path.of("/keys/one.pem")),
                        new DkimKeyFile(HERE, "s2", Path.of("/keys/two.pem")));
        assertThat(config.names(HERE)).isTrue();
        assertThat(config.names(Domain.parse("empty.test")))
                .as("which shall not sign")
                .isTrue();
        assertThat(config.names(Domain.parse("other.test"))).isFalse();
        assertThat(config.of(Domain.parse("other.test"))).isEmpty();
    }

    @Test
    void complainsOfWhatIsNoDomainAndNoSelector() {
        assertThatThrownBy(() -> read("""
                [dkim."posthorn.test"]
                "two words" = "/keys/one.pem"
                [dkim."no domain"]
                s1 = "/keys/one.pem"
                """))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        refused -> assertThat(refused.complaints())
                                .anyMatch(line -> line.contains("names \"two words\", which is not a selector"))
                                .anyMatch(line -> line.contains("\"no domain\"") && line.contains("is not a domain")));
    }
}
