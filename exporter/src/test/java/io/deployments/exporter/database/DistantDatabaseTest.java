package io.deployments.exporter.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.TcpProxy;
import io.deployments.exporter.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database whose answers take their time on the way, and with which nothing else is wrong. */
class DistantDatabaseTest {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  /** From when on the pool asks an idle connection for a sign of life, and a little more. */
  private static final Duration IDLE = Duration.ofMillis(700);

  private TestDatabase postgres;
  private TcpProxy proxy;
  private Database database;

  @BeforeEach
  void start() {
    postgres = TestDatabase.create().run("schema.sql");
    proxy = TcpProxy.to(postgres.port());
    Settings settings =
        TestDatabase.settingsFor(
            "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + postgres.name());
    database = new Database(settings.database(), TIMEOUT, new SimpleMeterRegistry());
  }

  @AfterEach
  void stop() throws IOException {
    database.close();
    proxy.close();
    postgres.close();
  }

  /** How long it took. */
  private Duration read() {
    long start = System.nanoTime();
    try (ReadTransaction transaction = database.begin(Deadline.in(TIMEOUT))) {
      assertThat(transaction.moment()).isNotNull();
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Test
  void aSignOfLifeMayTakeAsLongAsAnAnswer() {
    proxy.delay(Duration.ofMillis(150));
    Duration first = read();
    List<List<String>> sessions = sessions();
    assertThat(sessions).isNotEmpty();
    Await.pass(IDLE);
    read();
    Await.pass(IDLE);
    Duration third = read();
    assertThat(sessions()).containsAll(sessions);
    System.out.printf(
        "A database 300 ms away, there and back: a transaction begins after %.1f s, with a login,"
            + " and after %.1f s in the same session%n",
        first.toMillis() / 1e3, third.toMillis() / 1e3);
  }

  @Test
  void aConnectionThatDiedIdleIsReplacedHoweverLongThatTakes() {
    read();
    postgres.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    proxy.delay(Duration.ofMillis(60));
    Await.pass(IDLE);
    System.out.printf(
        "A session that ended, 120 ms away: a transaction begins after %.1f s%n",
        read().toMillis() / 1e3);
  }

  private List<List<String>> sessions() {
    return postgres.query(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            + " AND pid <> pg_backend_pid() AND backend_type = 'client backend'");
  }
}
