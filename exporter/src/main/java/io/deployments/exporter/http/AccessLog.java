package io.deployments.exporter.http;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.NanoTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says at debug level what was answered: method, path, status, bytes, milliseconds. */
final class AccessLog implements RequestLog {

  private static final Logger log = LoggerFactory.getLogger(AccessLog.class);

  @Override
  public void log(Request request, Response response) {
    if (log.isDebugEnabled()) {
      // The path alone: parameters are nobody's business but the client's.
      log.debug(
          "{} {} {} {} bytes {} ms",
          printable(request.getMethod()),
          printable(request.getHttpURI().getPath()),
          response.getStatus(),
          Response.getContentBytesWritten(response),
          TimeUnit.NANOSECONDS.toMillis(NanoTime.since(request.getBeginNanoTime())));
    }
  }

  /** A client could write lines of its own otherwise. */
  private static String printable(String text) {
    String line = String.valueOf(text).replaceAll("[^\\x21-\\x7e]", "?");
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }
}
