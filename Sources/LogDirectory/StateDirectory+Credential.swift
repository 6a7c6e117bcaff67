public import Evidence

extension StateDirectory {
  /// The file that says that the key is handed over at every start.
  static let credentialMarker = "keys/credential"

  /// The file that says that a log may begin under a key that is handed over.
  static let beginMarker = "begin"

  /// Allows one log to begin under a key that is handed over; the first start takes the leave away.
  ///
  /// A key of the board's own needs none: it is made with the log.
  public static func allowBeginning(_ path: String) throws(LogFailure) {
    try DurableFiles.makeDirectory(path, mode: 0o700)
    try DurableFiles.replace(path + "/" + beginMarker, with: [], mode: 0o600)
    try DurableFiles.synchronizeDirectory(path)
  }

  /// The identity that is handed over; nil where the board has a key of its own.
  static func handedOver(
    _ credential: String?, _ path: String, isNew: Bool
  ) throws(LogFailure) -> Identity? {
    if isNew {
      guard let credential else { return nil }
      guard try DurableFiles.exists(path + "/" + beginMarker) else {
        throw .notFound(
          "there is no log in \(path), and the key in \(credential) may have signed one before")
      }
      return try IdentityFile.read(credential)
    }
    let isHandedOver = try DurableFiles.exists(path + "/" + credentialMarker)
    guard isHandedOver == (credential != nil) else {
      throw .contradiction(
        isHandedOver
          ? "the key of \(path) is a credential of the service, and none was handed over"
          : "the key of \(path) is in keys/identity, and the service hands over another")
    }
    return try credential.map { path throws(LogFailure) in try IdentityFile.read(path) }
  }
}
