package io.deployments.exporter.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Writes answers and problems as JSON, and answers as CSV (RFC 4180, with a header). People open
 * CSV with a spreadsheet, which would run a template named {@code =HYPERLINK(…)}: an apostrophe in
 * front makes it text.
 */
public final class AnswerWriter {

  private static final Pattern FORMULA = Pattern.compile("[=+\\-@\t\r\n].*", Pattern.DOTALL);
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");

  private final ObjectMapper json = new ObjectMapper();
  private final CsvMapper csv = new CsvMapper();

  /** A writer of both. */
  public AnswerWriter() {
    csv.registerModule(new SimpleModule().addSerializer(String.class, new Cell()));
  }

  private static final class Cell extends StdScalarSerializer<String> {

    private static final long serialVersionUID = 1L;

    Cell() {
      super(String.class);
    }

    @Override
    public void serialize(String value, JsonGenerator row, SerializerProvider provider)
        throws IOException {
      boolean runs = FORMULA.matcher(value).matches() && !NUMBER.matcher(value).matches();
      row.writeString(runs ? "'" + value : value);
    }
  }

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
