package io.deployments.exporter.contract;

import static io.deployments.exporter.contract.DashboardExpressions.range;

import io.deployments.exporter.dashboards.Dashboard;
import io.deployments.exporter.demo.DemoGrafana;
import io.deployments.exporter.testing.GrafanaApi;
import io.deployments.exporter.testing.InstalledProgram;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Grafana takes this repository's folder as it is, and answers what it asks: one on this
 * machine, over a Prometheus with figures for every query, or the one at {@code GRAFANA_URL}, over
 * whatever it has. Skipped where there is neither.
 */
@Tag("expressions")
class GrafanaTest {

  private static final Path FOLDER = Path.of("..", "grafana");
  private static final Path EXAMPLE = FOLDER.resolve("notifications.example.yml");
  private static final Map<String, String> ADDRESSES =
      Map.of(
          "ALERT_WEBHOOK_URL", "http://127.0.0.1:9/alerts",
          "ALERT_EMAIL_ADDRESSES", "first@example.com;second@example.com");

  @TempDir private static Path folder;
  private static Path home;
  private static ScrapedDemo demo;
  private static DemoGrafana own;
  private static GrafanaApi grafana;
  private static Provisioned provisioned;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    String url = System.getenv("GRAFANA_URL");
    if (url != null && !url.isEmpty()) {
      grafana = new GrafanaApi(URI.create(url));
    } else {
      home = DemoGrafana.home().orElse(null);
      skipUnless(
          home != null,
          "needs grafana on the PATH, GRAFANA_HOME, or GRAFANA_URL such as"
              + " http://admin:admin@localhost:3000");
      demo = ScrapedDemo.start(folder);
      own = start(folder.resolve("grafana"), FOLDER.resolve("provisioning"), Map.of());
      grafana = new GrafanaApi(own.address());
    }
    provisioned = new Provisioned(grafana);
    System.out.println("Grafana " + grafana.get("/api/health").path("version").asText());
  }

  private static DemoGrafana start(Path data, Path provisioning, Map<String, String> variables)
      throws IOException, InterruptedException {
    return DemoGrafana.start(
        home,
        data,
        demo.prometheus().address(),
        InstalledProgram.freePort(),
        provisioning.toAbsolutePath().normalize(),
        variables);
  }

  private static void skipUnless(boolean there, String need) {
    if (!there) {
      System.out.println("Skipped: " + need);
    }
    Assumptions.assumeTrue(there, need);
  }

  @AfterAll
  static void stop() {
    if (own != null) {
      own.close();
    }
    if (demo != null) {
      demo.close();
    }
  }

  @Test
  void everyDashboardAndAlertIsThereAsItsFileHasIt() {
    provisioned.assertLoaded();
  }

  @TestFactory
  Stream<DynamicTest> dashboards() {
    return Dashboard.all().stream().flatMap(GrafanaTest::tests);
  }

  private static Stream<DynamicTest> tests(Dashboard dashboard) {
    List<Variables> choices =
        Variables.choices(dashboard, grafana.prometheus(Provisioned.DATA_SOURCE));
    return DashboardExpressions.of(dashboard).stream()
        .map(
            expression ->
                DynamicTest.dynamicTest(
                    expression.file() + ", " + expression.place(),
                    () -> choices.forEach(choice -> check(expression, choice, range(dashboard)))));
  }

  /** Elsewhere there need not be figures for all. */
  private static void check(Expression expression, Variables variables, Duration range) {
    if (own == null) {
      provisioned.ask(expression, variables, range);
    } else {
      provisioned.awaitFigures(expression, variables, range);
    }
  }

  @Test
  void everyAlertIsEvaluatedAndItsTextsAreWhole() {
    provisioned.awaitEvaluated();
  }

  @Test
  void nothingInTheLogIsAboutTheFolder() {
    skipUnless(own != null, "needs a Grafana on this machine");
    provisioned.assertLoaded();
    provisioned.awaitEvaluated();
    provisioned.assertNoComplaint(own.log());
  }

  /** As its comment says to use it; and again, on a database that has it all. */
  @Test
  void theExampleOfNotificationsIsLoadedBesidesAndAfterARestart() throws Exception {
    skipUnless(own != null, "needs a Grafana on this machine");
    Path copy = folder.resolve("copy");
    try (Stream<Path> files = Files.walk(FOLDER)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Path target = copy.resolve(FOLDER.relativize(file));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    Files.copy(EXAMPLE, copy.resolve("provisioning/alerting/notifications.yml"));
    String text = Files.readString(EXAMPLE);
    for (Map.Entry<String, String> address : ADDRESSES.entrySet()) {
      text = text.replace("${" + address.getKey() + "}", address.getValue());
    }
    Path filledIn = Files.writeString(folder.resolve("filled-in.yml"), text);
    for (int start = 1; start <= 2; start++) {
      try (DemoGrafana second =
          start(folder.resolve("second"), copy.resolve("provisioning"), ADDRESSES)) {
        Provisioned all = new Provisioned(new GrafanaApi(second.address()));
        all.assertLoaded();
        all.assertNotifies(filledIn);
        all.assertNoComplaint(second.log());
      }
    }
  }
}
