package io.deployments.exporter.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.deployments.exporter.snapshot.Window;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class SettingsTest {

  private static final String URL = "jdbc:postgresql://db:5432/telemetry";

  @TempDir private Path folder;

  private static Settings read(String... environment) throws BadSettingsException {
    return read(List.of(), environment);
  }

  private static Settings read(List<String> arguments, String... environment)
      throws BadSettingsException {
    Map<String, String> map = new HashMap<>(Map.of("DATABASE_URL", URL));
    for (int i = 0; i < environment.length; i += 2) {
      map.put(environment[i], environment[i + 1]);
    }
    SettingOptions options = new SettingOptions();
    CommandSpec command = CommandSpec.create();
    options.addTo(command);
    new CommandLine(command).parseArgs(arguments.toArray(String[]::new));
    return options.read(map);
  }

  private static List<String> problems(String... environment) {
    BadSettingsException e =
        catchThrowableOfType(BadSettingsException.class, () -> read(environment));
    return e == null ? List.of() : e.problems();
  }

  @Test
  void defaultsAreThoseOfTheDocumentation() throws BadSettingsException {
    Settings settings = read();
    assertThat(settings.database().jdbcUrl()).isEqualTo(URL);
    assertThat(settings.database().user()).isEmpty();
    assertThat(settings.database().password()).isEmpty();
    assertThat(settings.database().table().quoted()).isEqualTo("\"deployments\"");
    assertThat(settings.scope().networks()).containsExactly("hyperion", "metis");
    assertThat(settings.scope().windows()).isEqualTo(Window.ALWAYS);
    assertThat(settings.scope().maxTemplates()).isEqualTo(100);
    assertThat(settings.refresh())
        .isEqualTo(
            new RefreshSettings(
                Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofMinutes(5), 0.1));
    assertThat(settings.listenAddress()).isEqualTo(new ListenAddress("0.0.0.0", 9079));
    assertThat(settings.logLevel()).isEqualTo("info");
  }

  @Test
  void everySettingIsRead() throws BadSettingsException {
    Settings settings =
        read(
            "DATABASE_USER", "u",
            "DATABASE_PASSWORD", "p",
            "DEPLOYMENTS_TABLE", "Telemetry.\"Rows\"",
            "NETWORKS", "a, b",
            "WINDOWS", "14d,90m",
            "REFRESH_INTERVAL", "500ms",
            "REFRESH_TIMEOUT", "2m",
            "STALENESS_LIMIT", "1h",
            "MAX_DATABASE_SHARE", "1",
            "MAX_TEMPLATES", "7",
            "LISTEN_ADDRESS", "[::1]:80",
            "LOG_LEVEL", "DEBUG");
    assertThat(settings.database().user()).contains("u");
    assertThat(settings.database().password()).contains(new Secret("p"));
    assertThat(settings.database().table().quoted()).isEqualTo("\"Telemetry\".\"Rows\"");
    assertThat(settings.scope().networks()).containsExactly("a", "b");
    assertThat(settings.scope().windows())
        .extracting(Window::name)
        .containsExactly("1h", "90m", "24h", "7d", "14d", "30d");
    assertThat(settings.scope().maxTemplates()).isEqualTo(7);
    assertThat(settings.refresh())
        .isEqualTo(
            new RefreshSettings(
                Duration.ofMillis(500), Duration.ofMinutes(2), Duration.ofHours(1), 1));
    assertThat(settings.listenAddress()).isEqualTo(new ListenAddress("::1", 80));
    assertThat(settings.logLevel()).isEqualTo("debug");
  }

  @Test
  void aFlagBeatsTheEnvironment() throws BadSettingsException {
    Settings settings =
        read(
            List.of("--refresh-interval", "7s", "--max-templates=3"),
            "REFRESH_INTERVAL",
            "9s",
            "MAX_TEMPLATES",
            "wrong, but overridden");
    assertThat(settings.refresh().interval()).isEqualTo(Duration.ofSeconds(7));
    assertThat(settings.scope().maxTemplates()).isEqualTo(3);
  }

  @Test
  void anEmptyVariableCountsAsNotSet() throws BadSettingsException {
    assertThat(read("REFRESH_INTERVAL", "").refresh().interval()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void thereIsNoPasswordFlag() {
    CommandSpec command = CommandSpec.create();
    new SettingOptions().addTo(command);
    assertThat(command.optionsMap())
        .containsKey("--database-password-file")
        .doesNotContainKey("--database-password");
  }

  @Test
  void aPasswordComesFromAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "s3cret \n");
    Password password =
        read("DATABASE_PASSWORD_FILE", file.toString()).database().password().orElseThrow();
    assertThat(password.current()).isEqualTo(new Secret("s3cret "));
    Files.writeString(file, "an0ther");
    assertThat(password.current()).isEqualTo(new Secret("an0ther"));
    assertThat(problems("DATABASE_PASSWORD_FILE", file.toString(), "DATABASE_PASSWORD", "tiger"))
        .singleElement()
        .asString()
        .contains("DATABASE_PASSWORD_FILE", "one of the two")
        .doesNotContain("tiger");
    assertThat(problems("DATABASE_PASSWORD_FILE", "/no/such/file"))
        .singleElement()
        .asString()
        .contains("/no/such/file");
  }

  @Test
  void settingsBeatTheUrl() throws BadSettingsException {
    String url = "postgresql://a%40b:se%3Acret@db:5433/tele%20metry?sslmode=verify-full";
    assertThat(read("DATABASE_URL", url).database())
        .isEqualTo(
            new DatabaseSettings(
                "jdbc:postgresql://db:5433/tele+metry?sslmode=verify-full",
                Optional.of("a@b"),
                Optional.of(new Secret("se:cret")),
                TableName.parse("deployments")));
    DatabaseSettings beaten =
        read("DATABASE_URL", url, "DATABASE_USER", "u", "DATABASE_PASSWORD", "p").database();
    assertThat(beaten.user()).contains("u");
    assertThat(beaten.password()).contains(new Secret("p"));
    assertThat(read("DATABASE_URL", URL + "?user=x&ssl=true&password=y").database())
        .isEqualTo(
            new DatabaseSettings(
                URL + "?ssl=true",
                Optional.of("x"),
                Optional.of(new Secret("y")),
                TableName.parse("deployments")));
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql://db/x, jdbc:postgresql://db/x",
    "postgres://u@db:1/x?connect_timeout=5, jdbc:postgresql://db:1/x?connectTimeout=5",
    "'postgresql://a:1,b:2/x?target_session_attrs=read-write',"
        + " 'jdbc:postgresql://a:1,b:2/x?targetServerType=primary'",
    "postgresql://[::1]:5432/x, jdbc:postgresql://[::1]:5432/x",
  })
  void libpqUrisBecomeJdbcUrls(String uri, String jdbc) throws BadSettingsException {
    assertThat(read("DATABASE_URL", uri).database().jdbcUrl()).isEqualTo(jdbc);
  }

  @Test
  void everyWrongSettingIsListedAtOnce() {
    assertThat(problems("REFRESH_INTERVAL", "soon", "MAX_TEMPLATES", "0", "LISTEN_ADDRESS", "9079"))
        .hasSize(3)
        .anyMatch(line -> line.matches("REFRESH_INTERVAL is 'soon'; allowed: .*30s.*"))
        .anyMatch(line -> line.startsWith("MAX_TEMPLATES is '0'; allowed: "))
        .anyMatch(line -> line.startsWith("LISTEN_ADDRESS is '9079'; allowed: "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DATABASE_URL|mysql://db/x",
        "DATABASE_URL|postgresql://db:port/x",
        "DATABASE_URL|postgresql://db/x?%zz=1",
        "DATABASE_URL|postgresql://db/x?sslmode=verify",
        "DEPLOYMENTS_TABLE|a.b.c",
        "DEPLOYMENTS_TABLE|\"open",
        "DEPLOYMENTS_TABLE|a..b",
        "DEPLOYMENTS_TABLE|a.",
        "DEPLOYMENTS_TABLE|x23456789x123456789x123456789x123456789x123456789x123456789x1234",
        "NETWORKS|metis,,hyperion",
        "NETWORKS|other",
        "WINDOWS|60m",
        "WINDOWS|48h,2d",
        "WINDOWS|1d",
        "WINDOWS|2w",
        "WINDOWS|0d",
        "WINDOWS|2h,3h,4h,5h,6h",
        "REFRESH_INTERVAL|0s",
        "REFRESH_INTERVAL|-1s",
        "REFRESH_INTERVAL|30",
        "REFRESH_INTERVAL|999999999999d",
        "REFRESH_TIMEOUT|1.5s",
        "STALENESS_LIMIT|5 m",
        "MAX_DATABASE_SHARE|0",
        "MAX_DATABASE_SHARE|1.01",
        "MAX_DATABASE_SHARE|NaN",
        "MAX_DATABASE_SHARE|10%",
        "MAX_TEMPLATES|1e3",
        "LISTEN_ADDRESS|localhost",
        "LISTEN_ADDRESS|:65536",
        "LISTEN_ADDRESS|::1:80",
        "LOG_LEVEL|loud",
      })
  void aWrongValueIsNamedWithWhatIsAllowed(String name, String value) {
    assertThat(problems(name, value))
        .singleElement()
        .asString()
        .startsWith(name + " is '" + value)
        .contains("; allowed: ");
  }

  @Test
  void aMissingUrlIsNamed() {
    assertThat(problems("DATABASE_URL", ""))
        .singleElement()
        .asString()
        .startsWith("DATABASE_URL is not set; allowed: ");
  }

  @Test
  void thePasswordOfAClientKeyShowsNowhere() {
    DatabaseSettings settings =
        new DatabaseSettings(
            URL + "?sslkey=a.key&sslpassword=tiger",
            Optional.empty(),
            Optional.empty(),
            TableName.parse("deployments"));
    assertThat(settings).asString().contains("a.key", "***").doesNotContain("tiger");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://u:tiger@db:port/x",
        "postgresql://u:ti@tiger@db/x",
        "jdbc:postgresql://db:port/x?user=u&password=tiger",
        "mysql://u:tiger@db/x",
        "u:tiger@db/x",
        "u:ti:tiger@db",
        "postgresql:/u:tiger@db/x",
        "jdbc:postgresql:u:tiger@db",
        "jdbc:postgresql://u@db/x",
        "jdbc:postgresql://u:tiger@db:5432/x",
        "jdbc:postgresql://?db/x?password=tiger",
        "jdbc:postgresql://,/x?password=tiger",
        "jdbc:postgresql://db/x?ApplicationName=a?password=tiger",
      })
  void noPasswordShows(String url) {
    assertThat(problems("DATABASE_URL", url))
        .singleElement()
        .asString()
        .contains("***")
        .doesNotContain("tiger");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DATABASE_PASSWORD_FILE",
        "DEPLOYMENTS_TABLE",
        "WINDOWS",
        "REFRESH_INTERVAL",
        "REFRESH_TIMEOUT",
        "STALENESS_LIMIT",
        "MAX_DATABASE_SHARE",
        "MAX_TEMPLATES",
        "LISTEN_ADDRESS",
        "WEB_CONFIG_FILE",
        "LOG_LEVEL",
      })
  void noPasswordShowsInThePlaceOfAnotherSetting(String name) {
    assertThat(problems(name, "postgresql://u:ti\nger@db.a.b/x"))
        .singleElement()
        .asString()
        .startsWith(name + " is 'postgresql://u:***@")
        .doesNotContain("ger@");
  }

  @Test
  void noSecretShowsInText() throws BadSettingsException {
    Settings settings = read("DATABASE_URL", "postgresql://u:tiger@db/x");
    assertThat(settings.toString()).doesNotContain("tiger").contains("***");
  }

  @Test
  void oneDurationSpelledTwiceInOneWayIsNoProblem() throws BadSettingsException {
    assertThat(read("WINDOWS", "30d,14d,14d").scope().windows()).hasSize(5);
  }

  @Test
  void statementsGetNoMoreThanTheirShareOfTheTime() {
    RefreshSettings settings =
        new RefreshSettings(
            Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofMinutes(5), 0.1);
    assertThat(settings.effectiveInterval(Duration.ofSeconds(2))).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.effectiveInterval(Duration.ofSeconds(12))).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.effectiveIntervalAtMost(Duration.ofSeconds(12)))
        .isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.effectiveIntervalAtMost(Duration.ofSeconds(60)))
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.effectiveStalenessLimit(Duration.ofSeconds(30)))
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.effectiveStalenessLimit(Duration.ofMinutes(2)))
        .isEqualTo(Duration.ofMinutes(6));
  }
}
