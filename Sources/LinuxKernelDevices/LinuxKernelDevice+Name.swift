import Glibc

extension LinuxKernelDevice {
  /// The first line of a short file, or nil where it cannot be read or is empty.
  static func text(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    let line = trimmed(String(decoding: bytes[..<count].prefix { $0 >= 0x20 }, as: UTF8.self))
    return line.isEmpty ? nil : line
  }
}
