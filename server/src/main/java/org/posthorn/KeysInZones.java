package org.posthorn;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.posthorn.client.dnsprovider.DnsProviderConfig;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.mail.Domain;
import org.posthorn.zone.ZoneConfig;
import org.posthorn.zone.Zones;
import org.posthorn.zone.keylife.KeyPublisher;
import org.posthorn.zone.publish.Publisher;

/** Publishes the records of keys where {@code [dns.publish]} says that the zones are kept. */
final class KeysInZones implements KeyPublisher {
    private final Supplier<ZoneConfig> config;
    private final Supplier<Zones> zones;

    /** Both are asked anew each time, since a reload may change them. */
    KeysInZones(Supplier<ZoneConfig> config, Supplier<Zones> zones) {
        this.config = config;
        this.zones = zones;
    }

    @Override
    public boolean canPublish(Domain domain) {
        return config.get().keeper().isPresent();
    }

    @Override
    public void publish(Domain domain, String name, String text) throws IOException {
        ZoneConfig current = config.get();
        Optional<DnsProviderConfig> keeper = current.keeper();
        if (keeper.isEmpty()) {
            NONE.publish(domain, name, text);
            return;
        }
        new Publisher(keeper.get().provider(), zones)
                .put(domain, new ZoneRecord(name, current.ttl(), new RecordData.Txt(text)));
    }
}
