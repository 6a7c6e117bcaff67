public import Evidence
import Glibc

/// The right to write a log, held by one process at a time and given up when it ends, however.
public struct WriterLock: ~Copyable, Sendable {
  private let file: OpenFile

  /// Takes the lock of a state directory.
  ///
  /// - Throws: `LogFailure.heldByAnother`, naming the process that holds it.
  public init(stateDirectory: String) throws(LogFailure) {
    let path = stateDirectory + "/lock"
    let file = try OpenFile(path, O_RDWR | O_CREAT, mode: 0o600)
    guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
      guard errno == EWOULDBLOCK else { throw OpenFile.failure(path, "flock") }
      let holder = String(decoding: try file.read(32, at: 0), as: UTF8.self)
      throw .heldByAnother("process \(holder.prefix { $0.isNumber }) (\(path))")
    }
    try file.truncate(to: 0)
    try file.write(Array("\(getpid())\n".utf8), at: 0)
    self.file = file
  }
}
