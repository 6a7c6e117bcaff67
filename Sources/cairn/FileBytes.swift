import Glibc

/// Whole files that the user named.
enum FileBytes {
  /// A file that cannot be read or written, in the system's words.
  struct Unreadable: Error, CustomStringConvertible {
    let path: String
    let reason: String
    var verb = "read"
    var description: String { "cannot \(verb) '\(path)': \(reason)" }
  }

  /// The bytes of a file, up to a limit; one byte more tells that it is longer.
  static func read(_ path: String, limit: Int) throws(Unreadable) -> [UInt8] {
    guard let file = fopen(path, "re") else {
      throw Unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= limit {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    guard ferror(file) == 0 else {
      throw Unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    return bytes
  }

  /// The size of a file in bytes, where it is a regular one.
  static func byteCount(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }
}

extension FileBytes {
  /// Whether a path leads to a directory.
  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Writes a file that the user named.
  static func write(_ bytes: [UInt8], to path: String) throws(Unreadable) {
    try put(bytes, into: path, "we")
  }

  /// Writes behind what a file that the user named holds.
  static func append(_ bytes: [UInt8], to path: String) throws(Unreadable) {
    try put(bytes, into: path, "ae")
  }

  private static func put(
    _ bytes: [UInt8], into path: String, _ mode: String
  ) throws(Unreadable) {
    guard let file = fopen(path, mode) else {
      throw Unreadable(path: path, reason: String(cString: strerror(errno)), verb: "write")
    }
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else {
      throw Unreadable(path: path, reason: String(cString: strerror(errno)), verb: "write")
    }
  }
}
