package io.deployments.exporter.http;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets GET and HEAD through, without a body, and answers all else. Routes see a HEAD as a GET, so
 * that it gets the same headers; the server leaves its body out.
 */
final class ReadRequestsOnly extends Handler.Wrapper {

  /** The web framework would take the method from here. */
  private static final String METHOD_OVERRIDE = "X-HTTP-Method-Override";

  private final PlainErrors errors;

  ReadRequestsOnly(PlainErrors errors) {
    this.errors = errors;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String method = request.getMethod();
    if (!HttpMethod.GET.is(method) && !HttpMethod.HEAD.is(method)) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      return refuse(response, HttpStatus.METHOD_NOT_ALLOWED_405, callback);
    }
    if (request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
        || request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > 0) {
      return refuse(response, HttpStatus.PAYLOAD_TOO_LARGE_413, callback);
    }
    return super.handle(new Read(request), response, callback);
  }

  /** Closes the connection, too: a body is not worth reading. */
  private boolean refuse(Response response, int status, Callback callback) {
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    errors.answer(response, status, callback);
    return true;
  }

  private static final class Read extends Request.Wrapper {

    private final HttpFields headers;

    Read(Request request) {
      super(request);
      headers =
          request.getHeaders().contains(METHOD_OVERRIDE)
              ? HttpFields.build(request.getHeaders()).remove(METHOD_OVERRIDE)
              : request.getHeaders();
    }

    @Override
    public String getMethod() {
      return HttpMethod.GET.asString();
    }

    @Override
    public HttpFields getHeaders() {
      return headers;
    }
  }
}
