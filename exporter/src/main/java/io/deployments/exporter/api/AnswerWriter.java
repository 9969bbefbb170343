package io.deployments.exporter.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;

/** Writes answers and problems as JSON, and answers as CSV (RFC 4180, with a header). */
public final class AnswerWriter {

  private final ObjectMapper json = new ObjectMapper();
  private final CsvMapper csv = new CsvMapper();

  /** The answer as JSON. */
  public String json(Api.Answer answer) {
    return write(answer.json());
  }

  /** The problem as JSON. */
  public String json(Problem problem) {
    return write(problem);
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The answer as CSV. */
  public String csv(Api.Answer answer) {
    try {
      return csv.writer(csv.schemaFor(answer.rowType()).withHeader().withLineSeparator("\r\n"))
          .writeValueAsString(answer.rows());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
