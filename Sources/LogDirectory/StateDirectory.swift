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
/// keys/credential  there where the service manager hands the key over; then there is no keys/identity
/// begin            there where a log may begin under such a key, until it has begun
/// kept             the first entry that is kept, where older ones went (RetentionSettings)
/// unsigned.jsonl   what was measured while nothing was signed (SpoolFile)
/// rolled-back      there where somebody had more of the log than is here, and says what
/// retired          there where the identity must not sign any more
/// simulated        there where the identity is a throw-away one
/// initialising     there while the first entry is not yet under a signed head
/// wal, log/, ...   see LogDirectory; lock, see WriterLock
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
  /// - Parameter credential: The file of a key that the service manager hands over (systemd's
  ///   credentials); then none is made here, and a log begins only where `allowBeginning` said so, since
  ///   that key may have signed another one.
  /// - Throws: `LogFailure.heldByAnother`; `LogFailure.contradiction` where parts are missing, or
  ///   where a simulated board meets a real identity or the other way round.
  public init(
    opening path: String, isSimulated: Bool, credential: String? = nil
  ) throws(LogFailure) {
    if try Self.isHalfReplaced(path) {
      throw .retired("\(path) was closed, and its successor has not taken its place yet")
    }
    try DurableFiles.makeDirectory(path, mode: 0o700)
    // It may be of a start that ended before the name was durable.
    let parent = DurableFiles.parent(of: path)
    try DurableFiles.synchronizeDirectory(parent)
    try? DurableFiles.synchronizeDirectory(DurableFiles.parent(of: parent))
    let lock = try WriterLock(stateDirectory: path)
    guard try !DurableFiles.exists(path + "/" + Self.retiredMarker) else {
      throw .retired("\(path) was retired; its identity does not sign any more")
    }
    if let reason = try DurableFiles.read(path + "/" + Self.rolledBackMarker, limit: 4096) {
      throw .rolledBack(String(decoding: reason.prefix { $0 != 0x0A }, as: UTF8.self))
    }
    let wasInterrupted = try DurableFiles.exists(path + "/initialising")
    // Somebody may have named the identity of a successor already, so it is kept.
    let isMarked = try DurableFiles.exists(path + "/" + Self.namedMarker)
    let isNamed = wasInterrupted && isMarked
    if wasInterrupted { try Self.clear(path, keepingIdentity: isNamed) }
    if isNamed {
      let identity = try IdentityFile.read(path + "/keys/identity")
      try LogDirectory.create(at: path)
      try Self.checkOrigin(path, identity, isSimulated: isSimulated)
      self.path = path
      self.identity = identity
      self.isNew = true
      self.lock = lock
      return
    }
    let traces = try Self.traces(at: path)
    let isNew = wasInterrupted || traces.isEmpty
    guard traces.isEmpty || !isNew else {
      throw .contradiction(
        "\(path)/\(traces[0]) is there though the first start was interrupted; "
          + "no identity is made beside it")
    }
    let handedOver = try Self.handedOver(credential, path, isNew: isNew)
    guard isNew || handedOver != nil || traces.contains("keys/identity") else {
      throw .contradiction(
        "\(path)/keys/identity is missing though \(traces.joined(separator: ", ")) is there")
    }
    let identity: Identity
    if isNew {
      identity = try Self.initialise(path, isSimulated: isSimulated, handedOver)
    } else if let handedOver {
      identity = handedOver
    } else {
      identity = try IdentityFile.read(path + "/keys/identity")
    }
    try Self.checkOrigin(path, identity, isSimulated: isSimulated)
    self.path = path
    self.identity = identity
    self.isNew = isNew
    self.lock = lock
  }

  private static func initialise(
    _ path: String, isSimulated: Bool, _ handedOver: Identity?
  ) throws(LogFailure) -> Identity {
    try DurableFiles.replace(path + "/initialising", with: [], mode: 0o600)
    try DurableFiles.synchronizeDirectory(path)
    let identity: Identity
    try DurableFiles.makeDirectory(path + "/keys", mode: 0o700)
    if let handedOver {
      identity = handedOver
      try DurableFiles.replace(path + "/" + credentialMarker, with: [], mode: 0o600)
    } else {
      do {
        identity = try Identity.generate()
      } catch {
        throw .contradiction("no identity could be made: \(error)")
      }
      try IdentityFile.create(path + "/keys/identity", identity)
    }
    try DurableFiles.synchronizeDirectory(path + "/keys")
    let did = identity.did
    try DurableFiles.replace(path + "/origin", with: Array(did.description.utf8))
    try DurableFiles.replace(path + "/log.vkey", with: Array((did.vkey + "\n").utf8))
    try DurableFiles.replace(path + "/log.pub.pem", with: Array(did.publicKeyPEM.utf8))
    if isSimulated { try DurableFiles.replace(path + "/simulated", with: []) }
    try LogDirectory.create(at: path)
    return identity
  }

  /// What a first start makes before its entry is under a signed head.
  private static let firstFiles = [
    "keys/identity", credentialMarker, "origin", "log.vkey", "log.pub.pem", "simulated", "wal",
    "boot", "checkpoint",
    "log/checkpoint", "log/tile/0/000.p/1", "log/tile/entries/000.p/1",
  ]

  /// What names the identity among them.
  private static let identityFiles: Set<String> = [
    "keys/identity", credentialMarker, "origin", "log.vkey", "log.pub.pem", "simulated",
  ]

  /// The names under a path that speak of an identity or a log; there is none of them in a new one.
  static func traces(at path: String) throws(LogFailure) -> [String] {
    var traces: [String] = []
    for file in firstFiles + ["cursor", "log/tile/0/000", "log/tile/entries/000"]
    where try DurableFiles.exists(path + "/" + file) { traces.append(file) }
    return traces
  }

  /// Removes what an interrupted first start left; nothing of it was ever shown to anybody.
  ///
  /// The marker stays until the next first entry is under a head, so that it does not matter which
  /// of these removals a loss of power undoes.
  private static func clear(
    _ path: String, keepingIdentity isKept: Bool
  ) throws(LogFailure) {
    try ensureNothingWasShown(path)
    for file in firstFiles where !isKept || !identityFiles.contains(file) {
      try DurableFiles.remove(path + "/" + file)
      try DurableFiles.remove(path + "/" + file + DurableFiles.temporarySuffix)
    }
    try DurableFiles.synchronizeDirectory(path)
  }

  /// The marker does not make anything worthless: a log with more than its first entry stays.
  private static func ensureNothingWasShown(_ path: String) throws(LogFailure) {
    let marker = "\(path)/initialising is there though "
    if try DurableFiles.exists(path + "/cursor") {
      throw .contradiction(marker + "the broker has acknowledged entries; nothing was removed")
    }
    let bundles = path + "/log/tile/entries"
    let names = try DurableFiles.names(in: bundles).filter { $0 != "000.p" }
    let widths = try DurableFiles.names(in: bundles + "/000.p")
      .filter { $0 != "1" && $0 != "1" + DurableFiles.temporarySuffix }
    guard names.isEmpty, widths.isEmpty else {
      throw .contradiction(marker + "the log has bundles of entries; nothing was removed")
    }
    let bytes = try DurableFiles.read(path + "/wal", limit: .max) ?? []
    if let scan = try? WriteAheadFile.scan(bytes, path: path), scan.nextSeq > 1 {
      throw .contradiction(marker + "the log has \(scan.nextSeq) entries; nothing was removed")
    }
  }

  private static func checkOrigin(
    _ path: String, _ identity: Identity, isSimulated: Bool
  ) throws(LogFailure) {
    let origin = try DurableFiles.read(path + "/origin", limit: 1024)
    guard let origin, origin.elementsEqual(identity.did.description.utf8) else {
      throw .contradiction("\(path)/origin does not name the identity in keys/identity")
    }
    guard try DurableFiles.exists(path + "/simulated") == isSimulated else {
      throw .otherBoard(
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
    try DurableFiles.remove(path + "/" + beginMarker)
    // After that, since it keeps the identity for as long as the first start is not done.
    try DurableFiles.remove(path + "/" + namedMarker)
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
