package org.posthorn.app;

import org.posthorn.abuse.CpuTurns;
import org.posthorn.log.MailLogWriter;
import org.posthorn.log.Metrics;
import org.posthorn.queue.QueueMetrics;
import org.posthorn.queue.spool.FileSpool;
import org.posthorn.server.Port;

/** The numbers that are read off the parts whenever somebody asks for the metrics. */
final class Gauges {
    private Gauges() {}

    static void register(Metrics metrics, QueueMetrics queue, FileSpool spool, Ports ports, MailLogWriter log) {
        for (Port port : ports.all()) {
            metrics.gauge(
                    "posthorn_connections_open_" + port, "Connections open to " + port, () -> ports.connections(port));
        }
        metrics.gauge(
                "posthorn_memory_strangers_bytes",
                "Memory held by sessions before login",
                ports.memory()::heldByStrangers);
        metrics.gauge(
                "posthorn_memory_users_bytes", "Memory held by sessions after login", ports.memory()::heldByUsers);
        metrics.gauge(
                "posthorn_memory_sessions_cut", "Sessions cut for want of memory since the start", ports.memory()::cut);
        metrics.gauge(
                "posthorn_cpu_turns",
                "Turns on the processors that costly work has taken since the start",
                CpuTurns.OF_PROCESS::taken);
        metrics.gauge(
                "posthorn_cpu_turns_waiting", "Who waits for a turn on the processors", CpuTurns.OF_PROCESS::waiting);
        metrics.gauge(
                "posthorn_queue_active",
                "Messages in delivery",
                () -> queue.depth().active());
        metrics.gauge(
                "posthorn_queue_deferred",
                "Messages that wait for another attempt",
                () -> queue.depth().deferred());
        metrics.gauge(
                "posthorn_queue_held",
                "Messages held by an administrator",
                () -> queue.depth().held());
        metrics.gauge("posthorn_queue_accepted", "Messages accepted since the start", queue::accepted);
        metrics.gauge("posthorn_queue_removed", "Messages done with since the start", queue::removed);
        metrics.gauge("posthorn_queue_destinations", "Destinations with work or in back-off", queue::destinations);
        metrics.gauge("posthorn_deliveries_busy", "Delivery agents at work", queue::busy);
        outcomes(metrics, "local", queue.local());
        outcomes(metrics, "remote", queue.remote());
        metrics.gauge("posthorn_spool_bytes", "Octets of the spool's log", spool::logOctets);
        metrics.gauge("posthorn_spool_syncs", "Syncs of the spool's log since the start", spool::syncs);
        metrics.gauge("posthorn_spool_free_bytes", "Octets free on the spool's disk", spool::freeOctets);
        metrics.gauge("posthorn_log_lines_lost", "Lines of the log that could not be written", log::lost);
    }

    private static void outcomes(Metrics metrics, String kind, QueueMetrics.Outcomes outcomes) {
        String name = "posthorn_recipients_" + kind;
        metrics.gauge(name + "_delivered", "Recipients delivered since the start", outcomes::delivered);
        metrics.gauge(name + "_deferred", "Attempts deferred since the start", outcomes::deferred);
        metrics.gauge(name + "_failed", "Recipients given up since the start", outcomes::failed);
    }
}
