import Glibc

/// A directory of a test, removed with all that is in it when it is dropped.
package final class Directory {
  package let root: String

  package init() throws {
    var template = Array("\(P_tmpdir)/cairn-test-XXXXXX".utf8CString)
    guard let root = mkdtemp(&template) else {
      throw SetupFailure(description: "no temporary directory: \(String(cString: strerror(errno)))")
    }
    self.root = String(cString: root)
  }

  deinit { Self.remove(root) }

  private static func remove(_ path: String) {
    if let directory = openDirectory(path) {
      while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { remove("\(path)/\(name)") }
      }
      closedir(directory)
    }
    _ = Glibc.remove(path)
  }

  /// Opens a directory, and no link to one.
  private static func openDirectory(_ path: String) -> OpaquePointer? {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    return descriptor < 0 ? nil : fdopendir(descriptor)
  }

  package func path(_ name: String) -> String { "\(root)/\(name)" }

  @discardableResult
  package func write(_ text: String, to name: String) throws -> String {
    guard let file = fopen(path(name), "w") else {
      throw SetupFailure(description: "can't write \(path(name))")
    }
    defer { fclose(file) }
    fputs(text, file)
    return path(name)
  }

  package func text(of path: String) throws -> String {
    guard let file = fopen(path, "r") else { throw SetupFailure(description: "can't read \(path)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
