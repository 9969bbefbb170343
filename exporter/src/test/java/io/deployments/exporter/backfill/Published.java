package io.deployments.exporter.backfill;

import io.deployments.exporter.database.Database;
import io.deployments.exporter.database.Deadline;
import io.deployments.exporter.database.ReadTransaction;
import io.deployments.exporter.metrics.DeploymentCollector;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.snapshot.Snapshot;
import io.deployments.exporter.testing.Exposition;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What the exporter publishes when its clock is at a given moment: asked from the database. */
final class Published implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Settings settings;
  private final Database database;

  Published(Settings settings) {
    this.settings = settings;
    this.database = new Database(settings.database(), TIMEOUT, new SimpleMeterRegistry());
  }

  Exposition at(Instant moment) {
    Snapshot snapshot;
    try (ReadTransaction transaction = database.begin(Deadline.in(TIMEOUT))) {
      snapshot = Snapshot.of(transaction.aggregates(moment, settings.scope()), settings.scope());
    }
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create()
          .write(page, new DeploymentCollector(() -> Optional.of(snapshot)).collect());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Exposition.parse(page.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    database.close();
  }
}
