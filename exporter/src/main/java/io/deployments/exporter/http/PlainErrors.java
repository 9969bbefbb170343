package io.deployments.exporter.http;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** Answers what no route does: a status and its name, nothing of the cause or the software. */
final class PlainErrors extends ErrorHandler {

  private final SecurityHeaders headers;

  PlainErrors(SecurityHeaders headers) {
    this.headers = headers;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Object cause = request.getAttribute(ERROR_EXCEPTION);
    int status = cause instanceof HttpException e ? e.getCode() : response.getStatus();
    // A version of HTTP that nobody speaks is the client's fault, not the server's.
    boolean version = status == HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505;
    answer(response, version ? HttpStatus.BAD_REQUEST_400 : status, callback);
    return true;
  }

  /** Answers with a status. */
  void answer(Response response, int status, Callback callback) {
    response.setStatus(status);
    headers.addTo(response.getHeaders());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
    String text = status + " " + HttpStatus.getMessage(status) + "\n";
    response.write(true, BufferUtil.toBuffer(text, StandardCharsets.UTF_8), callback);
  }
}
