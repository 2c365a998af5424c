package org.posthorn.client.dnsprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.config.ConfigException;
import org.posthorn.config.ConfigFile;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

class DnsProviderConfigTest {
    @TempDir
    Path dir;

    private static Optional<DnsProviderConfig> read(String toml) throws ConfigException {
        ConfigFile file = ConfigFile.parse("test", toml);
        Optional<DnsProviderConfig> config = DnsProviderConfig.read(file.root());
        file.finish();
        return config;
    }

    @Test
    void readsEachProvider() throws Exception {
        assertThat(read("")).isEmpty();
        assertThat(read("provider = \"cloudflare\"\ntoken-environment = \"CF\""))
                .contains(new DnsProviderConfig.Cloudflare(
                        URI.create("https://api.cloudflare.com/client/v4"), new Secret.InEnvironment("CF")));
        assertThat(read("provider = \"hostinger\"\ntoken-file = \"/x\"\napi = \"http://127.0.0.1:81/\""))
                .contains(new DnsProviderConfig.Hostinger(
                        URI.create("http://127.0.0.1:81"), new Secret.InFile(Path.of("/x"))));
        assertThat(read("provider = \"rfc2136\"\nserver = \"192.0.2.53\"\ntsig-key-file = \"/k\""))
                .get()
                .isInstanceOf(DnsProviderConfig.Rfc2136.class);
    }

    @Test
    void complainsWithKeyAndLine() {
        assertThatThrownBy(() -> read("provider = \"rfc2136\""))
                .hasMessageContaining("server: is missing")
                .hasMessageContaining("tsig-key-file: is missing");
        assertThatThrownBy(() -> read("\nprovider = \"godaddy\"")).hasMessageContaining("test:2: provider: must be");
        assertThatThrownBy(() -> read("provider = \"rfc2136\"\nserver = \"192.0.2.53\"\ntsig-key-file = \"/k\"\n"
                        + "reverse-zones = [\"2.0.192.IN-ADDR.ARPA\", \"192.0.2.0/24\"]"))
                .hasMessageContaining("reverse-zones: \"192.0.2.0/24\" is not a reverse zone");
        assertThatThrownBy(() -> read("provider = \"hostinger\"")).hasMessageContaining("token-file: is missing");
        assertThatThrownBy(() -> read("provider = \"hostinger\"\ntoken-file = \"/x\"\napi = \"http://example.org\""))
                .hasMessageContaining("test:3: api:")
                .hasMessageContaining("https");
    }

    @Test
    void readsTsigKeysInBothForms() throws Exception {
        TSIG bind = TsigKeyFile.parse("""
                key "posthorn" {
                	algorithm hmac-sha512;
                	secret "c2VjcmV0LXNlY3JldC1zZWNyZXQ=";
                };
                """);
        TSIG knot = TsigKeyFile.parse("""
                # hmac-sha512:posthorn:c2VjcmV0LXNlY3JldC1zZWNyZXQ=
                key:
                - id: posthorn
                  algorithm: hmac-sha512
                """);
        Message signed = Message.newQuery(Record.newRecord(Name.fromString("example.org."), Type.SOA, DClass.IN));
        signed.setTSIG(bind);
        byte[] wire = signed.toWire(Message.MAXLENGTH);
        assertThat(knot.verify(new Message(wire), wire, null)).isEqualTo(Rcode.NOERROR);
    }

    @Test
    void refusesKeysThatCannotBeUsed() {
        for (String text : List.of("", "key x {", "hmac-md5:x:AAAA", "hmac-sha256:x:===", "x".repeat(10_000))) {
            assertThat(catchThrowableOfType(DnsProviderException.class, () -> TsigKeyFile.parse(text))
                            .kind())
                    .isEqualTo(DnsProviderException.Kind.REFUSED);
        }
    }

    @Test
    void readsSecretsWhereTheyLie() throws Exception {
        Path file = Files.writeString(dir.resolve("t"), " abc \n");
        assertThat(new Secret.InFile(file).read()).isEqualTo("abc");
        assertThat(new Secret.InEnvironment("T").read(Map.of("T", "abc"))).isEqualTo("abc");
        assertThatThrownBy(() -> new Secret.InEnvironment("T").read(Map.of())).hasMessageContaining("T");
        assertThatThrownBy(() -> new Secret.InFile(dir.resolve("absent")).read())
                .hasMessageContaining("absent");
        Files.writeString(file, "x".repeat(Secret.MAX_SIZE + 1));
        assertThatThrownBy(() -> new Secret.InFile(file).read()).hasMessageContaining("larger than");
    }
}
