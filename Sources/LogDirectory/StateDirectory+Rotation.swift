public import Evidence
import Glibc

extension StateDirectory {
  /// The file that says that another log names this one's identity, which has no entry yet.
  static let namedMarker = "named"

  /// Says that the identity of a new directory will be named before its first entry, so that a start
  /// that is interrupted keeps it.
  public borrowing func keepIdentity() throws(LogFailure) {
    try DurableFiles.replace(path + "/" + Self.namedMarker, with: [], mode: 0o600)
    try DurableFiles.synchronizeDirectory(path)
  }

  /// Where the successor of a log is prepared, beside it.
  public static func successorPath(of path: String) -> String { path + ".successor" }

  /// Whether a log waits there to take the place of the one at a path.
  public static func hasSuccessor(_ path: String) throws(LogFailure) -> Bool {
    try DurableFiles.exists(successorPath(of: path))
  }

  /// Puts the successor in the place of a log that is closed under a head: destroys the old key, moves
  /// the old directory aside and the new one to its name.
  ///
  /// It may be repeated where it was interrupted; until it is through, `init(opening:)` refuses both
  /// the closed log and the empty place.
  ///
  /// - Returns: Where the closed log is now; nil where it had been moved before.
  public static func replaceBySuccessor(_ path: String) throws(LogFailure) -> String? {
    var closed: String?
    let parent = DurableFiles.parent(of: path)
    if try DurableFiles.exists(path) {
      try DurableFiles.replace(path + "/" + retiredMarker, with: [], mode: 0o600)
      try DurableFiles.synchronizeDirectory(path)
      try destroyKey(path)
      closed = try moveAside(path, as: "closed")
    }
    guard rename(successorPath(of: path), path) == 0 else {
      throw OpenFile.failure(successorPath(of: path), "rename")
    }
    try DurableFiles.synchronizeDirectory(parent)
    return closed
  }

  /// Whether a rotation was interrupted after the old log was given up.
  public static func isHalfReplaced(_ path: String) throws(LogFailure) -> Bool {
    guard try hasSuccessor(path) else { return false }
    if try DurableFiles.exists(path + "/" + retiredMarker) { return true }
    return try !DurableFiles.exists(path)
  }

  /// Gives a directory the first free name of a kind beside it: `NAME.closed-1`.
  static func moveAside(_ path: String, as kind: String) throws(LogFailure) -> String {
    var number = 1
    while try DurableFiles.exists("\(path).\(kind)-\(number)") { number += 1 }
    let target = "\(path).\(kind)-\(number)"
    guard rename(path, target) == 0 else { throw OpenFile.failure(path, "rename") }
    try DurableFiles.synchronizeDirectory(DurableFiles.parent(of: path))
    return target
  }
}
