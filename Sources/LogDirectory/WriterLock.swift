public import Evidence
import Glibc

/// The right to write a log, held by one process at a time and given up when it ends, however.
///
/// Both the directory and the file `lock` in it are locked: somebody who takes the file for a stale
/// one and deletes it lets no second writer in.
public struct WriterLock: ~Copyable, Sendable {
  private let directory: OpenFile
  private let file: OpenFile

  /// Takes the lock of a state directory.
  ///
  /// - Throws: `LogFailure.heldByAnother`, naming the process that holds it.
  public init(stateDirectory: String) throws(LogFailure) {
    let path = stateDirectory + "/lock"
    let directory = try OpenFile(stateDirectory, O_RDONLY | O_DIRECTORY)
    let file = try OpenFile(path, O_RDWR | O_CREAT, mode: 0o600)
    guard try Self.take(directory), try Self.take(file) else {
      let holder = String(decoding: try file.read(32, at: 0), as: UTF8.self).prefix { $0.isNumber }
      throw .heldByAnother(
        holder.isEmpty ? "another process (\(path))" : "process \(holder) (\(path))")
    }
    try file.truncate(to: 0)
    try file.write(Array("\(getpid())\n".utf8), at: 0)
    self.directory = directory
    self.file = file
  }

  /// Whether the lock is held, as it is for as long as this value lives.
  var isHeld: Bool { directory.descriptor >= 0 }

  private static func take(_ file: borrowing OpenFile) throws(LogFailure) -> Bool {
    if flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
    guard errno == EWOULDBLOCK else { throw OpenFile.failure(file.path, "flock") }
    return false
  }
}
