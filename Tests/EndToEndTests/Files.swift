import Foundation

/// Whole files, for tests.
enum Files {
  /// The bytes of a file.
  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// Replaces the bytes of a file in place.
  static func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  /// Copies a directory with everything in it.
  static func copy(_ path: String, to target: String) throws {
    try FileManager.default.copyItem(atPath: path, toPath: target)
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// The regular files below a directory, links left out, relative to it and sorted.
  static func regularFiles(below root: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: root).filter { name in
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(root)/\(name)")
      return attributes[.type] as? FileAttributeType == .typeRegular
    }.sorted()
  }

  /// The permissions of a file or directory.
  static func permissions(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
  }
}
