/// A file that is written piece by piece, or the standard output.
struct ByteSink {
  private let path: String?
  private var bytes: [UInt8] = []

  /// Empties the file, so that one that cannot be written is told at once.
  init(_ path: String?) throws(FileBytes.Unreadable) {
    self.path = path
    if let path { try FileBytes.write([], to: path) }
  }

  /// Takes bytes, and writes them as soon as there are many.
  mutating func write(_ more: some Sequence<UInt8>) throws(FileBytes.Unreadable) {
    bytes += more
    if bytes.count > 65_536 { try flush() }
  }

  /// Writes what is left.
  mutating func flush() throws(FileBytes.Unreadable) {
    if let path {
      try FileBytes.append(bytes, to: path)
    } else {
      StandardStream.output.write(bytes)
    }
    bytes.removeAll(keepingCapacity: true)
  }
}
