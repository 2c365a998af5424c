package org.posthorn.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.posthorn.admin.AdminException;
import org.posthorn.config.ConfigException;
import org.posthorn.config.FileTrouble;
import org.posthorn.log.MailLog;
import org.posthorn.server.http.HttpServer;
import org.posthorn.signing.rotation.KeyRotation;

/**
 * Reads the configuration and the certificates again and does all that they say, or nothing. First every port is taken and the whole next
 * {@link Assembly} made, which can fail; then it is put in force by one reference, and what cannot fail follows. Sessions that have begun
 * go on with the assembly that they began with. One thread at a time.
 *
 * @param file where the configuration lies
 * @param sites what HTTP is to serve under a configuration
 */
record Reload(
        Path file,
        Stores stores,
        InForce inForce,
        Ports ports,
        HttpServer http,
        Function<Configuration, List<HttpServer.Site>> sites,
        KeyRotation keyRotation) {
    /**
     * Reloads; the log is opened anew in any case.
     *
     * @return what there is to say about the new configuration; empty when all is well
     * @throws AdminException nothing has changed, and why
     */
    List<String> run() throws AdminException {
        stores.log().reopen();
        try {
            Configuration next =
                    ConfigurationCheck.read(file, inForce.configuration().known());
            Assembly made = change(next);
            made.warnOfCertificates();
            stores.log().info("server", "", "reloaded");
            List<String> remarks = new ArrayList<>(made.certificateFaults());
            List<String> later = stores.opened().needsRestartFor(next);
            if (!later.isEmpty()) {
                remarks.addFirst("at the next start only: " + String.join(", ", later));
            }
            return remarks;
        } catch (ConfigException e) {
            throw refused(String.join("; ", e.complaints()));
        } catch (IOException e) {
            throw refused(FileTrouble.words(e));
        } catch (RuntimeException e) {
            stores.log().failure(MailLog.Level.ERROR, "server", "", "reload-failed", e);
            throw new AdminException(AdminException.Kind.FAILED, "not reloaded, see the log: " + e);
        }
    }

    private Assembly change(Configuration next) throws IOException {
        Assembly before = inForce.get();
        try (Ports.Change onPorts = ports.prepare(next.listen());
                HttpServer.Change onHttp = http.prepare(sites.apply(next))) {
            // The last that can fail, since it may write a certificate for another name.
            Assembly made = new Assembly(next, stores, ports::crowded);
            inForce.set(made);
            onPorts.commit(made.tls());
            onHttp.commit();
            before.close();
            keyRotation.look();
            return made;
        }
    }

    private AdminException refused(String reason) {
        stores.log().event(MailLog.Level.ERROR, "server", "", "reload-failed", "reason", reason);
        return new AdminException(AdminException.Kind.CONFLICT, "nothing changed: " + reason);
    }
}
