package org.posthorn.admin.http;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.posthorn.admin.AccountAdmin;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.AliasAdmin;
import org.posthorn.admin.DkimAdmin;
import org.posthorn.admin.DomainAdmin;
import org.posthorn.admin.QueueAdmin;
import org.posthorn.admin.ReportAdmin;
import org.posthorn.json.JsonObject;

/** Administration of a server that runs, through its Unix socket. Thread-safe. */
public final class AdminClient implements AdminApi {
    private final AdminCalls calls;

    private AdminClient(AdminCalls calls) {
        this.calls = calls;
    }

    /** A client, or nothing where no server listens. */
    public static Optional<AdminApi> of(Path socket) {
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return Optional.of(new AdminClient(new AdminCalls(socket)));
        } catch (IOException e) {
            // Left by a server that was killed, or one that is stopping just now, or never there.
            return Optional.empty();
        }
    }

    @Override
    public List<String> reload() throws AdminException, IOException {
        return AdminJson.texts(calls.post("/v1/reload", JsonObject.builder().build()), "remarks");
    }

    @Override
    public QueueAdmin queue() {
        return new QueueClient(calls);
    }

    @Override
    public DomainAdmin domains() {
        return new DomainClient(calls);
    }

    @Override
    public AccountAdmin accounts() {
        return new AccountClient(calls);
    }

    @Override
    public AliasAdmin aliases() {
        return new AliasClient(calls);
    }

    @Override
    public DkimAdmin dkim() {
        return new DkimClient(calls);
    }

    @Override
    public ReportAdmin reports() {
        return new ReportClient(calls);
    }

    @Override
    public void close() {
        // Each request has a connection of its own.
    }
}
