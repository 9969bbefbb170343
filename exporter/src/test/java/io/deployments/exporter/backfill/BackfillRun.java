package io.deployments.exporter.backfill;

import io.deployments.exporter.settings.SettingOptions;
import io.deployments.exporter.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/**
 * One run of the command.
 *
 * @param exit its exit code
 * @param out what it wrote to standard output
 * @param err its messages
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record BackfillRun(int exit, byte[] out, List<String> err) {

  static BackfillRun of(TestDatabase database, List<String> settings, String... flags) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    return of(database, settings, out, flags);
  }

  /** Runs it with the settings given as alternating names and values. */
  static BackfillRun of(
      TestDatabase database, List<String> settings, OutputStream out, String... flags) {
    Map<String, String> environment = new HashMap<>();
    environment.put("DATABASE_URL", database.url());
    environment.put("DATABASE_USER", "postgres");
    for (int i = 0; i < settings.size(); i += 2) {
      environment.put(settings.get(i), settings.get(i + 1));
    }
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    BackfillCommand command =
        new BackfillCommand(
            new SettingOptions(),
            environment,
            InstantSource.system(),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8));
    int exit = new CommandLine(command.spec()).execute(flags);
    return new BackfillRun(
        exit,
        out instanceof ByteArrayOutputStream bytes ? bytes.toByteArray() : new byte[0],
        err.toString(StandardCharsets.UTF_8).lines().toList());
  }
}
