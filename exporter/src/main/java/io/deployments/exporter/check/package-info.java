/**
 * The command {@code check}: looks at the database as the exporter would use it and says, line by
 * line, what is right and what to do about what is not.
 *
 * <p>May touch {@code settings}, {@code database} and {@code snapshot}: the facts come from {@code
 * database}; here they are judged and put into words.
 */
@NullMarked
package io.deployments.exporter.check;

import org.jspecify.annotations.NullMarked;
