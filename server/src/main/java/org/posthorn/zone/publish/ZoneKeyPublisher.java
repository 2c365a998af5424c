package org.posthorn.zone.publish;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.posthorn.client.dnsprovider.DnsProviderConfig;
import org.posthorn.directory.PublishedRecords;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.mail.Domain;
import org.posthorn.signing.rotation.KeyPublisher;
import org.posthorn.zone.ZoneConfig;
import org.posthorn.zone.Zones;

/** Publishes the records of keys where {@code [dns.publish]} says that the zones are kept. */
public final class ZoneKeyPublisher implements KeyPublisher {
    private final Supplier<ZoneConfig> config;
    private final Supplier<Zones> zones;
    private final PublishedRecords published;

    /** The suppliers are asked anew each time, since a reload may change what they give. */
    public ZoneKeyPublisher(Supplier<ZoneConfig> config, Supplier<Zones> zones, PublishedRecords published) {
        this.config = config;
        this.zones = zones;
        this.published = published;
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
        ZoneRecord record = new ZoneRecord(name, current.ttl(), new RecordData.Txt(text));
        new Publisher(keeper.get().provider(), zones).put(domain, record);
        List<ZoneRecord> former = PublicationMemory.records(published.of(domain), current.ttl()).stream()
                .filter(other -> other.set().equals(record.set()) && !other.saysTheSameAs(record))
                .toList();
        PublicationMemory.in(published, domain).changed(List.of(record), former);
    }
}
