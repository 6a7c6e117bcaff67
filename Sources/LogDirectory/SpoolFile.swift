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
  private let isNameDurable = Mutex(false)
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
    let result: Result<Void, LogFailure> = isNameDurable.withLock { isNameDurable in
      do throws(LogFailure) {
        try write(Array(line.utf8) + [0x0A], &isNameDurable)
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  private func write(_ bytes: [UInt8], _ isNameDurable: inout Bool) throws(LogFailure) {
    let file = try OpenFile(path, O_WRONLY | O_CREAT, mode: 0o600)
    let count = try file.byteCount
    if count > 0, count + bytes.count > limit {
      guard rename(path, directory + "/unsigned.1.jsonl") == 0 else {
        throw OpenFile.failure(path, "rename")
      }
      isNameDurable = false
      return try write(bytes, &isNameDurable)
    }
    do throws(LogFailure) {
      try file.write(bytes, at: count)
    } catch {
      // Half a line would spoil the next one.
      try file.truncate(to: count)
      throw error
    }
    try file.synchronizeData()
    if !isNameDurable { try DurableFiles.synchronizeDirectory(directory) }
    isNameDurable = true
  }
}
