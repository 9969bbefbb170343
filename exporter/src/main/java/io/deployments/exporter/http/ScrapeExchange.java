package io.deployments.exporter.http;

import io.javalin.http.Context;
import io.prometheus.metrics.exporter.common.PrometheusHttpExchange;
import io.prometheus.metrics.exporter.common.PrometheusHttpRequest;
import io.prometheus.metrics.exporter.common.PrometheusHttpResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * One scrape, as the Prometheus client library's handler wants to see it.
 *
 * @param context the same for the web framework
 */
record ScrapeExchange(Context context)
    implements PrometheusHttpExchange, PrometheusHttpRequest, PrometheusHttpResponse {

  @Override
  public PrometheusHttpRequest getRequest() {
    return this;
  }

  @Override
  public PrometheusHttpResponse getResponse() {
    return this;
  }

  @Override
  public @Nullable String getQueryString() {
    return context.queryString();
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return context.req().getHeaders(name);
  }

  @Override
  public String getMethod() {
    return context.req().getMethod();
  }

  @Override
  public String getRequestPath() {
    return context.path();
  }

  /** Leaves out {@code debug}, a page for people that answers an unknown format with 500. */
  @Override
  public @Nullable String getParameter(String name) {
    return null;
  }

  @Override
  public String @Nullable [] getParameterValues(String name) {
    return context.queryParams(name).toArray(String[]::new);
  }

  @Override
  public void setHeader(String name, String value) {
    context.header(name, value);
  }

  @Override
  public OutputStream sendHeadersAndGetBody(int status, int length) throws IOException {
    context.status(status);
    return context.res().getOutputStream();
  }

  @Override
  public void handleException(IOException e) throws IOException {
    throw e;
  }

  @Override
  public void handleException(RuntimeException e) {
    throw e;
  }

  @Override
  public void close() {
    // The framework ends the response.
  }
}
