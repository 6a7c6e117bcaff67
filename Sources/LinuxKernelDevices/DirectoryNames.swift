import Glibc

/// What the kernel shows as directories, links and short files.
enum DirectoryNames {
  /// The names in an open directory, its own two left out; empty where it cannot be read.
  static func names(in descriptor: Int32) -> [String] {
    // A descriptor of its own, whose place in the directory nobody else moves.
    let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard own >= 0 else { return [] }
    guard let directory = fdopendir(own) else {
      close(own)
      return []
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// The names in the directory at a path; empty where there is none.
  static func names(at path: String) -> [String] {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    return names(in: descriptor)
  }

  /// The path without links; nil where nothing is there.
  static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
