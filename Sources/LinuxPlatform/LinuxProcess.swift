import CPlatform
import Glibc

/// What the process asks of the kernel and of the allocator.
public enum LinuxProcess {
  /// Forbids core dumps and tracing by others, so that keys stay in the process.
  ///
  /// Returns the system's words where it refused.
  public static func forbidDumps() -> String? {
    let answer = cairn_forbid_dumps()
    return answer == 0 ? nil : String(cString: strerror(-answer))
  }

  /// Keeps the allocator small: few arenas, and free memory goes back.
  public static func limitArenas() {
    cairn_limit_arenas()
  }

  /// Gives free memory back to the system, as after a start.
  public static func trimMemory() {
    cairn_trim_memory()
  }

  /// The process's memory in bytes: resident, and private without a file behind it (RssAnon).
  ///
  /// Source: proc(5), /proc/pid/status.
  public static func memory() -> (resident: UInt64, anonymous: UInt64)? {
    guard let file = fopen("/proc/self/status", "re") else { return nil }
    defer { fclose(file) }
    var resident: UInt64?
    var anonymous: UInt64?
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = line.withUnsafeBytes { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      let words = text.split { $0 == " " || $0 == "\t" || $0 == "\n" }
      guard words.count == 3, words[2] == "kB", let kilobytes = UInt64(words[1]) else { continue }
      if words[0] == "VmRSS:" { resident = kilobytes * 1024 }
      if words[0] == "RssAnon:" { anonymous = kilobytes * 1024 }
    }
    guard let resident, let anonymous else { return nil }
    return (resident, anonymous)
  }
}
