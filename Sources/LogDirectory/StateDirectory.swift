public import Evidence
import Glibc
import MerkleLog

/// The directory that holds a board's identity and its log.
///
/// ```text
/// keys/identity    the private key (0600 in 0700); never read by anything but the board
/// origin           the log's name: the identity's did:key
/// log.vkey         the log's verifier key, as note tools take it
/// log.pub.pem      the public key, as OpenSSL takes it
/// boot             how often the board has started
/// cursor           the first entry that the broker may lack
/// simulated        there where the identity is a throw-away one
/// initialising     there while the first entry is not yet under a signed head
/// wal, log/, ...   see LogDirectory
/// ```
public struct StateDirectory: ~Copyable {
  /// The directory.
  public let path: String
  /// The identity that signs.
  public let identity: Identity
  /// Whether the log has no entry yet; the caller writes the first one and a head, then calls
  /// `finishInitialising`.
  public let isNew: Bool
  private let lock: WriterLock

  /// Opens a directory for the one process that writes it; makes identity and log where there is
  /// nothing of either.
  ///
  /// - Throws: `LogFailure.heldByAnother`; `LogFailure.contradiction` where parts are missing, or
  ///   where a simulated board meets a real identity or the other way round.
  public init(opening path: String, isSimulated: Bool) throws(LogFailure) {
    try DurableFiles.makeDirectory(path, mode: 0o700)
    let lock = try WriterLock(stateDirectory: path)
    if DurableFiles.exists(path + "/initialising") { try Self.clear(path) }
    let traces = ["keys/identity", "wal", "log/checkpoint", "boot"].filter {
      DurableFiles.exists(path + "/" + $0)
    }
    let isNew = traces.isEmpty
    guard isNew || traces.contains("keys/identity") else {
      throw .contradiction(
        "\(path)/keys/identity is missing though \(traces.joined(separator: ", ")) is there")
    }
    let identity =
      isNew
      ? try Self.initialise(path, isSimulated: isSimulated)
      : try IdentityFile.read(path + "/keys/identity")
    try Self.checkOrigin(path, identity, isSimulated: isSimulated)
    self.path = path
    self.identity = identity
    self.isNew = isNew
    self.lock = lock
  }

  private static func initialise(
    _ path: String, isSimulated: Bool
  ) throws(LogFailure) -> Identity {
    try DurableFiles.create(path + "/initialising", [], mode: 0o600)
    try DurableFiles.synchronizeDirectory(path)
    let identity: Identity
    do {
      identity = try Identity.generate()
    } catch {
      throw .contradiction("no identity could be made: \(error)")
    }
    try DurableFiles.makeDirectory(path + "/keys", mode: 0o700)
    try IdentityFile.create(path + "/keys/identity", identity)
    try DurableFiles.synchronizeDirectory(path + "/keys")
    let did = identity.did
    try DurableFiles.replace(path + "/origin", with: Array(did.description.utf8))
    try DurableFiles.replace(path + "/log.vkey", with: Array((did.vkey + "\n").utf8))
    try DurableFiles.replace(path + "/log.pub.pem", with: Array(did.publicKeyPEM.utf8))
    if isSimulated { try DurableFiles.replace(path + "/simulated", with: []) }
    try LogDirectory.create(at: path)
    return identity
  }

  /// Removes what an interrupted first start left; nothing of it was ever shown to anybody.
  private static func clear(_ path: String) throws(LogFailure) {
    let files = [
      "keys/identity", "origin", "log.vkey", "log.pub.pem", "simulated", "wal", "boot", "cursor",
      "checkpoint", "log/checkpoint", "log/tile/0/000.p/1", "log/tile/entries/000.p/1",
    ]
    for file in files { try DurableFiles.remove(path + "/" + file) }
    try DurableFiles.remove(path + "/initialising")
    try DurableFiles.synchronizeDirectory(path)
  }

  private static func checkOrigin(
    _ path: String, _ identity: Identity, isSimulated: Bool
  ) throws(LogFailure) {
    let origin = try DurableFiles.read(path + "/origin", limit: 1024)
    guard origin.map({ String(decoding: $0, as: UTF8.self) }) == identity.did.description else {
      throw .contradiction("\(path)/origin does not name the identity in keys/identity")
    }
    guard DurableFiles.exists(path + "/simulated") == isSimulated else {
      throw .contradiction(
        isSimulated
          ? "\(path) holds the identity of a real board, and this board file is simulated"
          : "\(path) holds a throw-away identity, and this board file is real")
    }
  }

  /// Counts this start; the number is durable before it is used.
  public func countStart() throws(LogFailure) -> UInt64 {
    let file = NumberFile(path: path + "/boot")
    let last = try file.read()
    if last == nil, !isNew { throw .contradiction("\(file.path) is missing") }
    let start = (last ?? 0) + 1
    try DurableFiles.replace(file.path, with: Array(NumberFile.text(start).utf8))
    try DurableFiles.synchronizeDirectory(path)
    return start
  }

  /// Opens the log for writing; the directory stays locked for as long as the log lives.
  public consuming func openLog() throws(LogFailure) -> LogDirectory {
    let did = identity.did
    return try LogDirectory(opening: path, lock: lock, did: did)
  }

  /// Says that the first entry is under a signed head, so that nothing may be cleared any more.
  public static func finishInitialising(_ path: String) throws(LogFailure) {
    try DurableFiles.remove(path + "/initialising")
    try DurableFiles.synchronizeDirectory(path)
  }

  /// The identity of a state directory from what anybody may read of it.
  public static func publicIdentity(of path: String) throws(LogFailure) -> DIDKey {
    guard let bytes = try DurableFiles.read(path + "/origin", limit: 1024) else {
      throw .notFound("\(path)/origin is missing; is '\(path)' a state directory?")
    }
    do {
      return try DIDKey(parsing: String(decoding: bytes, as: UTF8.self))
    } catch {
      throw .contradiction("\(path)/origin: \(error)")
    }
  }
}
