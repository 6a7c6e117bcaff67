public import Evidence
import Glibc
import Synchronization

/// The file `unsigned.jsonl` of a state directory: what was measured while nothing was signed.
///
/// A line of JSON each, synchronised one by one. Beyond a size it becomes `unsigned.1.jsonl`, and the
/// one that had that name goes. Nothing in it is evidence.
public final class SpoolFile: Sendable {
  private let directory: String
  private let limit: Int
  private let lock = Mutex(())
  private let writer: WriterLock?

  /// The spool of a state directory, up to a size in bytes for each of its two files.
  ///
  /// Where nothing else holds the directory for this process, the spool does, with `writer`.
  public init(
    stateDirectory: String, limit: Int = 64 << 20, holding writer: consuming WriterLock? = nil
  ) {
    directory = stateDirectory
    self.limit = limit
    self.writer = writer
  }

  /// The file that is written.
  public var path: String { directory + "/unsigned.jsonl" }

  /// Keeps a line, without its newline; it is durable when this returns.
  public func append(_ line: String) throws(LogFailure) {
    let result: Result<Void, LogFailure> = lock.withLock { _ in
      do throws(LogFailure) {
        try write(Array(line.utf8) + [0x0A])
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  private func write(_ bytes: [UInt8]) throws(LogFailure) {
    let file = try OpenFile(path, O_WRONLY | O_CREAT, mode: 0o600)
    let count = try file.byteCount
    guard count > 0, count + bytes.count > limit else {
      try file.write(bytes, at: count)
      try file.synchronizeData()
      if count == 0 { try DurableFiles.synchronizeDirectory(directory) }
      return
    }
    guard rename(path, directory + "/unsigned.1.jsonl") == 0 else {
      throw OpenFile.failure(path, "rename")
    }
    try write(bytes)
  }
}
