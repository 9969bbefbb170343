package io.deployments.exporter.settings.web;

import io.deployments.exporter.settings.Secret;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The section {@code tls_server_config}. */
final class TlsSection {

  private static final String KEYS =
      "cert_file, key_file, client_ca_file, cert, key, client_ca, client_auth_type,"
          + " client_allowed_sans, min_version, max_version, prefer_server_cipher_suites";

  private final Path folder;
  private final Problems problems;
  private final int line;
  private final boolean withMaterial;
  private final Map<String, Integer> lines = new HashMap<>();

  private @Nullable PemSource certificate;
  private @Nullable PemSource key;
  private @Nullable PemSource authority;
  private ClientAuth clientAuth = ClientAuth.NO_CLIENT_CERT;
  private List<String> sans = List.of();
  private TlsVersion lowest = TlsVersion.TLS12;
  private TlsVersion highest = TlsVersion.TLS13;
  private boolean preferServerCipherSuites = true;

  private TlsSection(Path folder, Problems problems, int line, boolean withMaterial) {
    this.folder = folder;
    this.problems = problems;
    this.line = line;
    this.withMaterial = withMaterial;
  }

  /**
   * Reads the section.
   *
   * @param folder what its relative paths start from
   * @param problems takes what is wrong with it
   * @param withMaterial whether to look into the certificates and keys, too
   * @return empty if it says nothing, or not enough
   */
  static Optional<TlsSettings> read(
      YamlEntry section, Path folder, Problems problems, boolean withMaterial) {
    TlsSection tls = new TlsSection(folder, problems, section.line(), withMaterial);
    problems.collect(section.entries(), tls::take);
    return tls.lines.isEmpty() ? Optional.empty() : tls.settings();
  }

  private void take(YamlEntry entry) {
    lines.put(entry.key(), entry.line());
    switch (entry.key()) {
      case "cert" -> certificate = only(certificate, inline(entry));
      case "cert_file" -> certificate = only(certificate, file(entry));
      case "key" -> key = only(key, inline(entry));
      case "key_file" -> key = only(key, file(entry));
      case "client_ca" -> authority = only(authority, inline(entry));
      case "client_ca_file" -> authority = only(authority, file(entry));
      case "client_auth_type" -> clientAuth = clientAuth(entry.text());
      case "client_allowed_sans" -> sans = entry.texts();
      case "min_version" -> lowest = version(entry.text(), TlsVersion.TLS12);
      case "max_version" -> highest = version(entry.text(), TlsVersion.TLS13);
      case "prefer_server_cipher_suites" -> preferServerCipherSuites = entry.bool();
      case "cipher_suites" ->
          refuse(entry, "jdk.tls.disabledAlgorithms in Java's security file takes suites away");
      case "curve_preferences" ->
          refuse(entry, "the Java property jdk.tls.namedGroups lists the groups to use");
      default -> throw new IllegalArgumentException("unknown key; allowed: " + KEYS);
    }
  }

  private static void refuse(YamlEntry entry, String instead) {
    if (!entry.isEmpty()) {
      throw new IllegalArgumentException(
          "not supported, its names are Go's; remove it, Java's choice is sound, and " + instead);
    }
  }

  private static ClientAuth clientAuth(String text) {
    try {
      return text.isEmpty() ? ClientAuth.NO_CLIENT_CERT : ClientAuth.parse(text);
    } catch (IllegalArgumentException e) {
      throw Problems.bad(text, String.valueOf(e.getMessage()));
    }
  }

  private static TlsVersion version(String text, TlsVersion none) {
    try {
      return text.isEmpty() ? none : TlsVersion.parse(text);
    } catch (IllegalArgumentException e) {
      throw Problems.bad(text, String.valueOf(e.getMessage()));
    }
  }

  private @Nullable PemSource file(YamlEntry entry) {
    String path = entry.text();
    try {
      return path.isEmpty() ? null : new PemSource.InFile(entry.key(), folder.resolve(path));
    } catch (IllegalArgumentException e) {
      throw Problems.bad(path, "a path");
    }
  }

  private static @Nullable PemSource inline(YamlEntry entry) {
    String content = entry.text();
    return content.isEmpty() ? null : new PemSource.Inline(entry.key(), new Secret(content));
  }

  private static @Nullable PemSource only(@Nullable PemSource before, @Nullable PemSource now) {
    if (before != null && now != null) {
      throw new IllegalArgumentException(
          before.option() + " is there already; allowed: one of the two");
    }
    return now == null ? before : now;
  }

  private Optional<TlsSettings> settings() {
    check(
        lowest.compareTo(highest) <= 0, "min_version", "above max_version; allowed: at most that");
    check(
        authority == null || clientAuth != ClientAuth.NO_CLIENT_CERT,
        "client_auth_type",
        "asks for no certificate, but there is a client_ca; allowed: RequireAndVerifyClientCert");
    // Go would trust every public authority here, and so let anyone in who has a certificate.
    check(
        authority != null || !clientAuth.verified(),
        "client_auth_type",
        clientAuth + " needs client_ca_file or client_ca, the authority to verify with");
    check(
        sans.isEmpty() || clientAuth.required(),
        "client_allowed_sans",
        "needs client_auth_type RequireAndVerifyClientCert or RequireAnyClientCert");
    check(certificate != null, "cert_file", "missing; allowed: cert_file or cert");
    check(key != null, "key_file", "missing; allowed: key_file or key");
    if (certificate == null || key == null) {
      return Optional.empty();
    }
    TlsSettings settings =
        new TlsSettings(
            certificate,
            key,
            Optional.ofNullable(authority),
            clientAuth,
            Set.copyOf(sans),
            lowest,
            highest,
            preferServerCipherSuites);
    if (withMaterial) {
      checkMaterial(settings);
    }
    return Optional.of(settings);
  }

  private void check(boolean holds, String option, String problem) {
    if (!holds) {
      problems.add(lines.getOrDefault(option, line), option + ": " + problem);
    }
  }

  private void checkMaterial(TlsSettings settings) {
    try {
      TlsMaterial material = TlsMaterial.read(settings);
      material.identity();
      material.clientAuthorities();
    } catch (BadPemException e) {
      problems.add(lines.getOrDefault(e.option(), line), String.valueOf(e.getMessage()));
    }
  }
}
