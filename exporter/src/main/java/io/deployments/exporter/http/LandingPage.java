package io.deployments.exporter.http;

import io.deployments.exporter.metrics.BuildInfo;
import io.deployments.exporter.refresh.CurrentSnapshot;
import io.deployments.exporter.refresh.RefreshOutcome;
import io.deployments.exporter.snapshot.DeploymentCount;
import io.deployments.exporter.snapshot.LabelValues;
import io.deployments.exporter.snapshot.NetworkProjects;
import io.deployments.exporter.snapshot.Snapshot;
import io.deployments.exporter.snapshot.Window;
import io.javalin.config.RoutesConfig;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.jetty.util.StringUtil;

/** {@code /}: what this is, today's headline figures, how old they are, and where to go. */
final class LandingPage {

  private final CurrentSnapshot current;
  private final String network;
  private final BuildInfo build;
  private final String template = ApiRoutes.read("/html/landing.html");
  private final String style = ApiRoutes.read("/html/landing.css");

  /**
   * A page.
   *
   * @param network whose answers the page links to
   */
  LandingPage(CurrentSnapshot current, String network, BuildInfo build) {
    this.current = current;
    this.network = network;
    this.build = build;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/", context -> context.html(page()));
    routes.get("/landing.css", context -> context.contentType("text/css").result(style));
  }

  private String page() {
    Optional<Snapshot> fresh = current.fresh();
    return template
        .replace("{{network}}", URLEncoder.encode(network, StandardCharsets.UTF_8))
        .replace("{{version}}", escape(build.version() + " (" + build.revision() + ")"))
        .replace("{{state}}", fresh.isPresent() ? "fresh" : "stale")
        .replace("{{freshness}}", escape(freshness()))
        .replace("{{figures}}", fresh.map(LandingPage::figures).orElse(""));
  }

  private String freshness() {
    Optional<Duration> age = current.age();
    if (current.fresh().isPresent() && age.isPresent()) {
      return "Figures are "
          + words(age.get())
          + " old, read every "
          + words(current.effectiveInterval())
          + (current.lastOutcome().orElse(null) instanceof RefreshOutcome.Failed
              ? ". The last refresh failed; the log says why."
              : ".");
    }
    Optional<Instant> last = current.lastGood().map(RefreshOutcome.Succeeded::completedAt);
    return last.isPresent()
        ? "No figures: not refreshed since "
            + last.get().truncatedTo(ChronoUnit.SECONDS)
            + ". The log says why."
        : "No figures yet: the first refresh has not succeeded. The log says why.";
  }

  /** A duration in its largest unit, for example {@code 12 seconds}. */
  private static String words(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 120) {
      return seconds + (seconds == 1 ? " second" : " seconds");
    }
    return seconds < 7200 ? seconds / 60 + " minutes" : seconds / 3600 + " hours";
  }

  private static String figures(Snapshot snapshot) {
    StringBuilder cards = new StringBuilder();
    for (NetworkProjects network : snapshot.networkProjects()) {
      String name = network.network();
      cards
          .append("<section><h3>")
          .append(escape(name))
          .append("</h3><dl>")
          .append(figure("Active projects", network.counts().get(index(snapshot, "30d"))))
          .append(figure("Deployments", deployments(snapshot, name, "30d")))
          .append(figure("Successful", successRate(snapshot, name, "30d")))
          .append(figure("Deployments in 24 hours", deployments(snapshot, name, "24h")))
          .append(figure("Successful in 24 hours", successRate(snapshot, name, "24h")))
          .append("</dl></section>\n");
    }
    return """
        <h2>The last 30 days</h2>
        <p>Projects active on any network: <strong>%s</strong></p>
        <div class="networks">
        %s</div>
        """
        .formatted(snapshot.anyNetworkProjects().get(index(snapshot, "30d")), cards);
  }

  private static String figure(String name, Object value) {
    return "<div><dt>" + name + "</dt><dd>" + value + "</dd></div>";
  }

  private static String successRate(Snapshot snapshot, String network, String window) {
    long all = deployments(snapshot, network, window);
    long successful =
        count(
            snapshot,
            window,
            row -> row.network().equals(network) && row.status().equals(LabelValues.SUCCESS));
    return all == 0 ? "–" : String.format(Locale.ROOT, "%.1f %%", 100.0 * successful / all);
  }

  private static long deployments(Snapshot snapshot, String network, String window) {
    return count(snapshot, window, row -> row.network().equals(network));
  }

  private static long count(Snapshot snapshot, String window, Predicate<DeploymentCount> which) {
    int index = index(snapshot, window);
    return snapshot.deployments().stream()
        .filter(which)
        .mapToLong(row -> row.counts().get(index))
        .sum();
  }

  private static int index(Snapshot snapshot, String window) {
    return snapshot.windows().indexOf(Window.parse(window));
  }

  private static String escape(String text) {
    return StringUtil.sanitizeXmlString(text);
  }
}
