package org.posthorn.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.admin.AccountAdmin;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminParts;
import org.posthorn.json.Json;
import org.posthorn.json.JsonObject;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.net.ListenAddress;
import org.posthorn.server.http.HttpServer;
import org.posthorn.testing.Keys;

/** The resources of domains, accounts, aliases, keys and reports as a client sees them that is not ours: methods, statuses, JSON. */
class AdminResourcesTest {
    @TempDir
    private static Path keyFiles;

    @TempDir
    private Path folder;

    private AdminParts parts;

    @BeforeEach
    void open() throws IOException {
        parts = new AdminParts(folder, keyFiles, true);
    }

    @AfterEach
    void close() throws IOException {
        parts.close();
    }

    private String ask(String method, String target, String header, String body) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(parts.socket()))) {
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            String head =
                    method + " " + target + " HTTP/1.0\r\n" + header + "Content-Length: " + content.length + "\r\n\r\n";
            client.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            client.write(ByteBuffer.wrap(content));
            return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String ask(String method, String target, String body) throws IOException {
        return ask(method, target, "", body);
    }

    private static JsonObject json(String answer, int status) {
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("Content-Type: application/json\r\n");
        return Json.readObject(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }

    private static void assertDone(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 204 ").endsWith("\r\n\r\n");
    }

    /** RFC 9457: the type tells the kind, beyond what the status does. */
    private static void assertProblem(String answer, int status, String type, String detail) {
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("Content-Type: application/problem+json\r\n");
        JsonObject problem = Json.readObject(answer.substring(answer.indexOf("\r\n\r\n") + 4));
        assertThat(problem.text("type")).contains("urn:posthorn:problem:" + type);
        assertThat(problem.integer("status")).contains((long) status);
        assertThat(problem.text("detail").orElse("")).contains(detail);
    }

    private void assertMethods(String target, String methods) throws IOException {
        String refused = ask("TRACK", target, "");
        assertProblem(refused, 405, "method-not-allowed", " takes " + methods);
        assertThat(refused).contains("Allow: " + methods + "\r\n");
    }

    @Test
    void eachResourceSaysWhatItTakes() throws IOException {
        assertMethods("/v1/domains", "GET, HEAD, POST");
        assertMethods("/v1/domains/example.org", "GET, HEAD, DELETE");
        assertMethods("/v1/domains/example.org/dkim-keys", "GET, HEAD, POST, PATCH");
        assertMethods("/v1/domains/example.org/dkim-keys/a", "GET, HEAD, PUT, PATCH");
        assertMethods("/v1/accounts", "GET, HEAD, POST");
        assertMethods("/v1/accounts/a@example.org", "GET, HEAD, PATCH, DELETE");
        assertMethods("/v1/aliases", "GET, HEAD");
        assertMethods("/v1/aliases/a@example.org", "GET, HEAD, PUT, DELETE");
        assertMethods("/v1/reports", "POST");
        assertMethods("/v1/reports/dmarc", "GET, HEAD");
        assertMethods("/v1/reports/tls/sending", "POST");
        for (String nothing : new String[] {
            "/v1/domains/example.org/keys",
            "/v1/domains/example.org/dkim-keys/a/b",
            "/v1/accounts/a@example.org/b",
            "/v1/aliases/a@example.org/b",
            "/v1/reports/arf",
            "/v1/reports/arf/sending",
            "/v1/reports/dmarc/reading",
            "/v1/reports/dmarc/sending/a",
            "/v1/reload/a"
        }) {
            assertProblem(ask("GET", nothing, ""), 404, "not-found", "there is no " + nothing);
        }
    }

    @Test
    void domains() throws IOException {
        String made = ask("POST", "/v1/domains", "{\"domain\":\"Example.ORG\"}");
        assertThat(made).contains("Location: /v1/domains/example.org\r\n");
        assertThat(json(made, 201).array("keys")).hasSize(2);
        assertThat(json(ask("GET", "/v1/domains", ""), 200))
                .hasToString(
                        "{\"domains\":[{\"domain\":\"example.org\",\"accounts\":0,\"selectors\":[]}],\"total\":1}");
        assertThat(ask("HEAD", "/v1/domains", "")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
        assertThat(json(ask("GET", "/v1/domains/example.org", ""), 200).text("domain"))
                .contains("example.org");
        assertProblem(ask("POST", "/v1/domains", "{\"domain\":\"example.org\"}"), 409, "exists", "is here already");
        assertProblem(ask("POST", "/v1/domains", "{\"domain\":\"a b\"}"), 422, "invalid", "");
        assertProblem(ask("POST", "/v1/domains", "{\"domain\":7}"), 400, "malformed", "must be text");
        assertProblem(ask("POST", "/v1/domains", "{}"), 400, "malformed", "\"domain\" is missing");
        assertProblem(ask("POST", "/v1/domains", "domain=a"), 400, "malformed", "not JSON");
        assertProblem(ask("DELETE", "/v1/domains/a..b", ""), 422, "invalid", "");
        assertProblem(ask("DELETE", "/v1/domains/example.net", ""), 404, "not-found", "is not ours");
        parts.directory.addAccount(Address.parse("a@example.org"), "a password");
        assertProblem(ask("DELETE", "/v1/domains/example.org", ""), 409, "in-use", "has accounts");
        parts.directory.removeAccount(Address.parse("a@example.org"));
        assertDone(ask("DELETE", "/v1/domains/example.org", ""));
        assertThat(json(ask("GET", "/v1/domains", ""), 200)).hasToString("{\"domains\":[],\"total\":0}");
    }

    @Test
    void accounts() throws IOException {
        parts.directory.addDomain(Domain.parse("example.org"));
        String made = ask("POST", "/v1/accounts", "{\"address\":\"A@example.org\",\"password\":\"a password\"}");
        assertThat(made).contains("Location: /v1/accounts/a%40example.org\r\n").doesNotContain("a password");
        assertThat(json(made, 201)).hasToString("{\"address\":\"a@example.org\"}");
        assertThat(json(ask("GET", "/v1/accounts?domain=example.org", ""), 200))
                .hasToString(
                        "{\"accounts\":[{\"address\":\"a@example.org\",\"sendsAs\":[\"a@example.org\"]}],\"total\":1}");
        assertThat(json(ask("GET", "/v1/accounts?domain=example.net", ""), 200).integer("total"))
                .contains(0L);
        assertProblem(ask("GET", "/v1/accounts?domain=a..b", ""), 422, "invalid", "");
        assertThat(json(ask("GET", "/v1/accounts/a@example.org", ""), 200).text("address"))
                .contains("a@example.org");
        assertDone(ask("PATCH", "/v1/accounts/a%40example.org", "{\"password\":\"another one\"}"));
        assertProblem(
                ask("PATCH", "/v1/accounts/a@example.org", "{\"password\":\"short\"}"),
                422,
                "invalid",
                "at least 8 characters");
        assertProblem(ask("PATCH", "/v1/accounts/a@example.org", "{}"), 400, "malformed", "\"password\" is missing");
        assertProblem(
                ask("POST", "/v1/accounts", "{\"address\":\"a@example.org\",\"password\":\"a password\"}"),
                409,
                "exists",
                "is here already");
        assertProblem(
                ask("POST", "/v1/accounts", "{\"address\":\"a@example.net\",\"password\":\"a password\"}"),
                404,
                "not-found",
                "is not ours");
        assertThat(json(ask("DELETE", "/v1/accounts/a@example.org", ""), 200)).hasToString("{\"mail\":\"none\"}");
        assertProblem(ask("DELETE", "/v1/accounts/a@example.org", ""), 404, "not-found", "there is no account");
        assertProblem(ask("GET", "/v1/accounts/nobody", ""), 422, "invalid", "");
    }

    @Test
    void aliases() throws IOException {
        parts.directory.addDomain(Domain.parse("example.org"));
        String targets = "{\"targets\":[\"b@example.net\"]}";
        String made = ask("PUT", "/v1/aliases/@example.org", targets);
        assertThat(made).contains("Location: /v1/aliases/%40example.org\r\n");
        String shown = "{\"alias\":\"@example.org\",\"targets\":[\"b@example.net\"]}";
        assertThat(json(made, 201)).hasToString(shown);
        String again = ask("PUT", "/v1/aliases/@example.org", targets);
        assertThat(again).doesNotContain("Location");
        assertThat(json(again, 200)).hasToString(shown);
        assertThat(json(ask("GET", "/v1/aliases/@example.org", ""), 200)).hasToString(shown);
        assertThat(json(ask("GET", "/v1/aliases", ""), 200)).hasToString("{\"aliases\":[" + shown + "],\"total\":1}");
        assertProblem(ask("PUT", "/v1/aliases/a@example.org", "{\"targets\":[]}"), 422, "invalid", "1 to 1000 targets");
        assertProblem(ask("PUT", "/v1/aliases/a@example.org", "{\"targets\":[1]}"), 400, "malformed", "text is wanted");
        assertDone(ask("DELETE", "/v1/aliases/@example.org", ""));
        assertProblem(ask("DELETE", "/v1/aliases/@example.org", ""), 404, "not-found", "there is no alias");
    }

    @Test
    void keys() throws IOException {
        assertThat(json(ask("POST", "/v1/domains", "{\"domain\":\"example.org\"}"), 201))
                .isNotNull();
        String keys = "/v1/domains/example.org/dkim-keys";
        assertThat(json(ask("GET", keys, ""), 200).array("keys")).hasSize(2);
        assertThat(json(ask("PATCH", keys, "{\"state\":\"active\"}"), 200))
                .hasToString("{\"selectors\":[\"rsa202603\",\"ed202603\"]}");
        assertProblem(ask("PATCH", keys, "{\"state\":\"active\"}"), 409, "conflict", "waits");
        assertProblem(ask("PATCH", keys, "{\"state\":\"retired\"}"), 400, "malformed", "not retired");
        String made = ask("POST", keys, "");
        assertThat(made).contains("Location: " + keys + "\r\n");
        assertThat(json(made, 201).array("keys")).hasSize(2);
        assertThat(json(ask("PATCH", keys + "/ed202603b", "{\"state\":\"active\"}"), 200)
                        .text("state"))
                .contains("active");
        assertThat(json(ask("GET", keys + "/ed202603", ""), 200).text("state")).contains("retired");
        assertThat(json(ask("PATCH", keys + "/ed202603b", "{\"state\":\"retired\"}"), 200)
                        .text("state"))
                .contains("retired");
        assertProblem(ask("PATCH", keys + "/ed202603b", "{\"state\":\"made\"}"), 400, "malformed", "not made");
        assertProblem(ask("PATCH", keys + "/rsa202603", "{\"state\":\"retired\"}"), 409, "conflict", "last key");
        assertProblem(ask("GET", keys + "/none", ""), 404, "not-found", "there is no key none");
        String pem = "-----BEGIN PRIVATE KEY-----\\n"
                + Base64.getEncoder().encodeToString(Keys.ED25519.getPrivate().getEncoded())
                + "\\n-----END PRIVATE KEY-----\\n";
        String taken = ask("PUT", keys + "/mail2020", "{\"privateKey\":\"" + pem + "\"}");
        assertThat(taken).contains("Location: " + keys + "/mail2020\r\n").doesNotContain("PRIVATE");
        assertThat(json(taken, 201).text("state")).contains("active");
        assertThat(json(ask("PUT", keys + "/mail2020", "{\"privateKey\":\"" + pem + "\"}"), 200)
                        .text("selector"))
                .contains("mail2020");
        assertProblem(ask("PUT", keys + "/a", "{\"privateKey\":\"x\"}"), 422, "invalid", "no private key");
    }

    @Test
    void reports() throws IOException {
        String report = AdminParts.dmarc("7", "example.org", 1);
        assertThat(json(ask("POST", "/v1/reports", report), 200))
                .hasToString(
                        "{\"reports\":[{\"outcome\":\"stored\",\"text\":\"DMARC report 7 of O about example.org\"}]}");
        assertProblem(ask("POST", "/v1/reports", " ".repeat(10_485_761)), 413, "too-large", "at most 10485760 octets");
        JsonObject shown = json(ask("GET", "/v1/reports/dmarc", "Accept: */*\r\n", ""), 200);
        assertThat(shown.array("domains")).hasSize(1);
        assertThat(shown.isTrue("complete")).isTrue();
        String text = ask("GET", "/v1/reports/dmarc?days=3650&domain=example.org", "Accept: text/plain\r\n", "");
        assertThat(text)
                .startsWith("HTTP/1.1 200 ")
                .contains("Content-Type: text/plain; charset=utf-8\r\n")
                .contains("\r\n\r\nexample.org: 1 message in its name");
        assertThat(json(ask("GET", "/v1/reports/tls", ""), 200)).hasToString("{\"domains\":[],\"complete\":true}");
        assertProblem(ask("GET", "/v1/reports/tls?days=many", ""), 400, "malformed", "not a number of days: many");
        assertProblem(ask("GET", "/v1/reports/tls?days=0", ""), 422, "invalid", "from 1 to 3650");
        assertProblem(
                ask("GET", "/v1/reports/tls?days=0", "Accept: text/plain\r\n", ""), 422, "invalid", "from 1 to 3650");
        assertThat(json(ask("POST", "/v1/reports/dmarc/sending", "{\"day\":\"2026-03-01\"}"), 200))
                .hasToString("{\"lines\":[\"example.org: sent\"]}");
        assertThat(json(ask("POST", "/v1/reports/dmarc/sending", "{}"), 200)).hasToString("{\"lines\":[]}");
        assertProblem(
                ask("POST", "/v1/reports/dmarc/sending", "{\"day\":\"yesterday\"}"),
                400,
                "malformed",
                "not a day like 2026-01-31: yesterday");
        assertProblem(ask("POST", "/v1/reports/tls/sending", "{}"), 409, "conflict", "not switched on");
    }

    /** Answers whatever is asked for. */
    private interface Answer {
        Object to(Object[] arguments);
    }

    private static <T> T fake(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, _, arguments) -> answer.to(arguments)));
    }

    @SuppressWarnings("unchecked") // the last argument of a list
    private static <T> Consumer<T> consumer(Object[] arguments) {
        return (Consumer<T>) arguments[arguments.length - 1];
    }

    /** Unlike the queue's, which has 1,000 unless it is asked for more. */
    @Test
    void listsAreStreamedWhole() throws Exception {
        List<AccountAdmin.AccountEntry> many = IntStream.range(0, 20_000)
                .mapToObj(i -> Address.parse("user" + i + "@example.org"))
                .map(address -> new AccountAdmin.AccountEntry(address, List.of(address)))
                .toList();
        AccountAdmin accounts = fake(AccountAdmin.class, arguments -> {
            many.forEach(consumer(arguments));
            return many.size();
        });
        Path socket = folder.resolve("many.sock");
        AdminHandler handler =
                new AdminHandler(fake(AdminApi.class, _ -> accounts), new StatusHandler(List::of, _ -> {}));
        try (HttpServer _ = HttpServer.start(
                List.of(new HttpServer.Site(new ListenAddress.Unix(socket), handler)), MailLog.none())) {
            List<AccountAdmin.AccountEntry> got = new ArrayList<>();
            assertThat(AdminClient.of(socket).orElseThrow().accounts().list(Optional.empty(), got::add))
                    .isEqualTo(20_000);
            assertThat(got).isEqualTo(many);
        }
    }
}
