package io.deployments.exporter.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What Linux says of a process's memory; zeros where there is no such process, or no Linux.
 *
 * @param resident bytes now
 * @param peak the most so far
 */
record ProcessMemory(long resident, long peak) {

  static ProcessMemory of(Process process) {
    try {
      List<String> status =
          Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"));
      return new ProcessMemory(bytes(status, "VmRSS:"), bytes(status, "VmHWM:"));
    } catch (IOException e) {
      return new ProcessMemory(0, 0);
    }
  }

  private static long bytes(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }
}
