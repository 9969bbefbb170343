package io.deployments.exporter.http;

import io.deployments.exporter.settings.web.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Asks for a user name and a password (RFC 7617) wherever there are users. */
final class BasicAuth extends Handler.Wrapper {

  /** For probes, which carry no password; compared as sent, so that no other spelling gets by. */
  private static final Set<String> OPEN = Set.of("/-/healthy", "/-/ready");

  private static final String CHALLENGE = "Basic realm=\"deployment-exporter\", charset=\"UTF-8\"";

  private static final String SCHEME = "Basic ";

  private final CurrentUsers users;
  private final PlainErrors errors;
  private final PasswordCheck passwords = new PasswordCheck();

  BasicAuth(CurrentUsers users, PlainErrors errors) {
    this.users = users;
    this.errors = errors;
  }

  /** Verifying a password takes a while. */
  @Override
  public InvocationType getInvocationType() {
    return InvocationType.BLOCKING;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Map<String, PasswordHash> allowed = users.get();
    if (allowed.isEmpty() || OPEN.contains(request.getHttpURI().getPath())) {
      return super.handle(request, response, callback);
    }
    Optional<Credentials> given = Credentials.parse(request.getHeaders().get("Authorization"));
    PasswordCheck.Verdict verdict =
        given.isEmpty()
            ? PasswordCheck.Verdict.WRONG
            : passwords.check(
                Request.getRemoteAddr(request),
                given.get().user(),
                given.get().password(),
                allowed);
    switch (verdict) {
      case RIGHT -> {
        return super.handle(request, response, callback);
      }
      case WRONG -> {
        response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, CHALLENGE);
        errors.answer(response, HttpStatus.UNAUTHORIZED_401, callback);
      }
      case BUSY -> {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        errors.answer(response, HttpStatus.TOO_MANY_REQUESTS_429, callback);
      }
    }
    return true;
  }

  @SuppressWarnings(
      "ArrayRecordComponent") // Bytes as they came: bcrypt has no text; never compared.
  private record Credentials(String user, byte[] password) {

    static Optional<Credentials> parse(@Nullable String header) {
      if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
        return Optional.empty();
      }
      byte[] decoded;
      try {
        decoded = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
      for (int i = 0; i < decoded.length; i++) {
        if (decoded[i] == ':') {
          return Optional.of(
              new Credentials(
                  new String(decoded, 0, i, StandardCharsets.UTF_8),
                  Arrays.copyOfRange(decoded, i + 1, decoded.length)));
        }
      }
      return Optional.empty();
    }
  }
}
