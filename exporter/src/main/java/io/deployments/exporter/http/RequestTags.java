package io.deployments.exporter.http;

import io.micrometer.core.instrument.Tag;
import io.micrometer.jetty12.server.DefaultJettyCoreRequestTagsProvider;
import io.micrometer.jetty12.server.JettyCoreRequestTagsProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.server.Request;

/** The labels of the HTTP metrics, bounded: a client could invent a method per request. */
final class RequestTags implements JettyCoreRequestTagsProvider {

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE");

  private final JettyCoreRequestTagsProvider defaults = new DefaultJettyCoreRequestTagsProvider();

  @Override
  public Iterable<Tag> getTags(Request request) {
    List<Tag> tags = new ArrayList<>();
    for (Tag tag : defaults.getTags(request)) {
      boolean invented = tag.getKey().equals("method") && !METHODS.contains(tag.getValue());
      tags.add(invented ? Tag.of("method", "OTHER") : tag);
    }
    return tags;
  }
}
