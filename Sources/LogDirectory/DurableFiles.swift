import Evidence
import Glibc

/// Whole files that are replaced or made so that a loss of power leaves the old or the new one.
enum DurableFiles {
  /// Temporary names end in this; what a crash leaves of them is written over or removed later.
  static let temporarySuffix = ".tmp"

  /// The bytes of a file, or nil where there is none.
  static func read(_ path: String, limit: Int = 64 << 20) throws(LogFailure) -> [UInt8]? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw OpenFile.failure(path, "stat")
    }
    let file = try OpenFile(path, O_RDONLY)
    let count = try file.byteCount
    guard count <= limit else {
      throw .contradiction("\(path) has \(count) bytes, more than \(limit)")
    }
    return try file.read(count, at: 0)
  }

  /// Writes a file under a temporary name, synchronises it, and gives it its name.
  ///
  /// The caller synchronises the directory, once for all files that it wrote there.
  static func replace(
    _ path: String, with bytes: [UInt8], mode: mode_t = 0o644
  ) throws(LogFailure) {
    let temporary = path + temporarySuffix
    do {
      let file = try OpenFile(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode: mode)
      try file.write(bytes, at: 0)
      try file.synchronize()
    }
    guard rename(temporary, path) == 0 else { throw OpenFile.failure(path, "rename") }
  }

  /// Makes a file that must not be there yet, and synchronises it.
  static func create(_ path: String, _ bytes: [UInt8], mode: mode_t) throws(LogFailure) {
    let file = try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
    try file.write(bytes, at: 0)
    try file.synchronize()
  }

  /// Makes the names in a directory durable.
  static func synchronizeDirectory(_ path: String) throws(LogFailure) {
    let directory = try OpenFile(path, O_RDONLY | O_DIRECTORY)
    try directory.synchronize()
  }

  /// Makes a directory and those above it, and makes their names durable.
  static func makeDirectory(_ path: String, mode: mode_t = 0o755) throws(LogFailure) {
    if isDirectory(path) { return }
    let above = parent(of: path)
    if above != path { try makeDirectory(above) }
    guard mkdir(path, mode) == 0 || errno == EEXIST else { throw OpenFile.failure(path, "mkdir") }
    try synchronizeDirectory(above)
  }

  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Whether there is something under a name; that it cannot be known is a failure and no "no".
  static func exists(_ path: String) throws(LogFailure) -> Bool {
    var status = stat()
    if lstat(path, &status) == 0 { return true }
    guard errno == ENOENT || errno == ENOTDIR else { throw OpenFile.failure(path, "lstat") }
    return false
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func remove(_ path: String) throws(LogFailure) {
    guard unlink(path) == 0 || errno == ENOENT else { throw OpenFile.failure(path, "unlink") }
  }

  /// The names in a directory without `.` and `..`, sorted; none where there is no directory.
  static func names(in path: String) throws(LogFailure) -> [String] {
    guard let directory = opendir(path) else {
      guard errno == ENOENT || errno == ENOTDIR else { throw OpenFile.failure(path, "opendir") }
      return []
    }
    defer { closedir(directory) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(directory) else {
        guard errno == 0 else { throw OpenFile.failure(path, "readdir") }
        break
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
