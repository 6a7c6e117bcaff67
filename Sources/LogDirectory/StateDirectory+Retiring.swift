public import Evidence
import Glibc

extension StateDirectory {
  /// The file that says that a directory's identity must not sign any more.
  static let retiredMarker = "retired"

  /// The file that says that somebody had more of the log, or another one.
  static let rolledBackMarker = "rolled-back"

  /// Takes a state directory out of use for good, so that the next start makes a new identity and a
  /// new log: its private key is destroyed, and it gets another name beside the old one.
  ///
  /// Everything that verifies the old log stays. It may be repeated where it was interrupted.
  ///
  /// - Returns: The new path; nil where there is nothing to retire.
  /// - Throws: `LogFailure.heldByAnother` where a process runs on it.
  public static func retire(_ path: String) throws(LogFailure) -> String? {
    guard try DurableFiles.exists(path) else { return nil }
    let lock = try WriterLock(stateDirectory: path)
    defer { _ = lock.isHeld }
    guard try !traces(at: path).isEmpty else { return nil }
    try DurableFiles.replace(path + "/" + retiredMarker, with: [], mode: 0o600)
    try DurableFiles.synchronizeDirectory(path)
    try destroyKey(path)
    return try moveAside(path, as: "retired")
  }

  /// Writes over the private key and removes it.
  ///
  /// Flash keeps old blocks for a while, so this is no proof against somebody with the chip.
  static func destroyKey(_ path: String) throws(LogFailure) {
    let key = path + "/keys/identity"
    guard try DurableFiles.exists(key) else { return }
    do {
      let file = try OpenFile(key, O_WRONLY)
      try file.write([UInt8](repeating: 0, count: try file.byteCount), at: 0)
      try file.synchronize()
    }
    try DurableFiles.remove(key)
    try DurableFiles.synchronizeDirectory(path + "/keys")
  }
}

extension StateDirectory {
  /// The number of entries of a log that could be signed on; 0 where there is none.
  ///
  /// - Throws: `LogFailure` saying why it could not.
  public static func soundSize(
    of path: String, isSimulated: Bool
  ) throws(LogFailure) -> UInt64 {
    guard try DurableFiles.exists(path) else { return 0 }
    do {
      let lock = try WriterLock(stateDirectory: path)
      defer { _ = lock.isHeld }
      if try traces(at: path).isEmpty { return 0 }
    }
    let state = try StateDirectory(opening: path, isSimulated: isSimulated)
    guard !state.isNew else { return 0 }
    return try state.openLog().size
  }
}
