public import Evidence
import Glibc
public import MerkleLog

/// Checks all files of a log and stops at the first thing that is wrong.
///
/// It takes a state directory, or the directory that is served. The log's name is its key, so
/// nothing else is needed; who the key belongs to, the reader must know.
public struct LogAudit: Sendable {
  /// What a log proved to hold.
  public struct Report: Sendable {
    /// The identity that signed everything.
    public let did: DIDKey
    /// The last signed head.
    public let head: TreeHead
    /// Entries beyond the head: signed one by one, not yet under a head.
    public var entriesBeyondHead: UInt64 = 0
    /// The names under which the board signed, in the order in which they came.
    public var subjects: [String] = []
    /// The numbers of the first and the last start.
    public var boots: ClosedRange<UInt64>?
    /// The first and the last time that the board claims, in milliseconds since 1970.
    public var claimedMilliseconds: ClosedRange<UInt64>?
    /// The largest error of its clock that the board claims, in milliseconds.
    public var claimedErrorMilliseconds: UInt64 = 0
    /// How many entries there are of each type.
    public var entriesByType: [EntryType: UInt64] = [:]
    /// How many entries state no time.
    public var entriesWithoutTime: UInt64 = 0
    /// Whether any entry says that it is simulated.
    public var isSimulated = false
    /// Things worth saying that are no faults.
    public var notes: [String] = []
  }

  /// The first thing that is wrong, and where.
  public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file, relative to the directory that was checked.
    public let place: String
    /// What is wrong.
    public let reason: String

    /// The place and what is wrong there.
    public var description: String { "\(place): \(reason)" }
  }

  let root: String
  /// What stands before the served files' paths: `log/`, or nothing.
  let prefix: String
  var isStateDirectory: Bool { !prefix.isEmpty }

  /// A check of a state directory or of a served directory.
  public init(path: String) {
    root = path
    let served = path + "/log"
    prefix = DurableFiles.isDirectory(served) ? "log/" : ""
  }

  /// Checks everything.
  ///
  /// - Throws: `Fault`, the first one.
  public func run() throws(Fault) -> Report {
    let (did, head) = try checkHead()
    if isStateDirectory { try checkIdentityFiles(did) }
    var report = Report(did: did, head: head)
    var verifier = LogVerifier(did: did)
    var tree = GrowingTree()
    for index in 0..<(head.size + 255) / 256 {
      guard let tile = Tile.at(level: 0, index: index, size: head.size) else { continue }
      try checkBundle(tile, &verifier, &tree, &report)
      for changed in tree.takeFinishedTiles() { try checkTile(changed) }
    }
    guard tree.head == head else {
      throw Fault(
        place: prefix + "checkpoint",
        reason: "the entries give the root \(tree.head.root), the signed head says \(head.root)")
    }
    for changed in tree.takeChangedTiles() { try checkTile(changed) }
    if isStateDirectory { try checkWriteAheadFile(&verifier, &report) }
    try checkOtherFiles(in: "tile", head, &report)
    if isStateDirectory { try checkNumbers(report, size: verifier.nextSequence) }
    return report
  }

  private func checkHead() throws(Fault) -> (DIDKey, TreeHead) {
    let place = prefix + "checkpoint"
    guard let bytes = try read(place) else {
      throw Fault(place: place, reason: "is missing; is '\(root)' the directory of a log?")
    }
    do {
      let note = try SignedNote(parsing: bytes)
      let origin = String(note.unverifiedText.prefix { $0 != "\n" })
      let did = try DIDKey(parsing: origin)
      let checkpoint = try Checkpoint.opening(note, log: did.noteVerifier)
      return (did, checkpoint.checkpoint.head)
    } catch {
      throw Fault(place: place, reason: "\(error)")
    }
  }

  private func checkIdentityFiles(_ did: DIDKey) throws(Fault) {
    let expected = [
      ("origin", did.description), ("log.vkey", did.vkey + "\n"), ("log.pub.pem", did.publicKeyPEM),
    ]
    for (file, text) in expected {
      guard let bytes = try read(file) else { throw Fault(place: file, reason: "is missing") }
      guard bytes.elementsEqual(text.utf8) else {
        throw Fault(place: file, reason: "is not of the identity \(did) that signed the head")
      }
    }
    // Only the board itself may read the key; where this is the board, the key must fit.
    if access(root + "/keys/identity", R_OK) == 0 {
      guard let identity = try? IdentityFile.read(root + "/keys/identity"), identity.did == did
      else { throw Fault(place: "keys/identity", reason: "is not the key of \(did)") }
    }
  }

  private func checkBundle(
    _ tile: Tile, _ verifier: inout LogVerifier, _ tree: inout GrowingTree, _ report: inout Report
  ) throws(Fault) {
    let place = prefix + TilePath.entries(tile).description
    guard let bytes = try read(place) else { throw Fault(place: place, reason: "is missing") }
    let ranges: [Range<Int>]
    do {
      ranges = try EntryBundle.ranges(in: bytes)
    } catch {
      throw Fault(place: place, reason: "\(error)")
    }
    guard ranges.count == tile.width else {
      throw Fault(place: place, reason: "holds \(ranges.count) entries, expected \(tile.width)")
    }
    for range in ranges {
      let verdict = verifier.check(Array(bytes[range]))
      if let fault = verdict.faults.first {
        throw Fault(place: place, reason: "byte \(range.lowerBound): \(fault)")
      }
      tree.append(leaf: verdict.leafHash)
      if let entry = verdict.entry { report.note(entry) }
    }
  }

  private func checkTile(_ tile: HashTile) throws(Fault) {
    let place = prefix + TilePath.hashes(tile.tile).description
    guard let bytes = try read(place) else { throw Fault(place: place, reason: "is missing") }
    try compare(bytes, tile.bytes, place: place, what: "the hashes of the entries")
  }

  func compare(
    _ bytes: [UInt8], _ expected: some Collection<UInt8>, place: String, what: String
  ) throws(Fault) {
    if bytes.count == expected.count {
      guard let offset = zip(bytes, expected).enumerated().first(where: { $1.0 != $1.1 })?.offset
      else { return }
      throw Fault(place: place, reason: "byte \(offset) differs from \(what)")
    }
    throw Fault(
      place: place, reason: "has \(bytes.count) bytes where \(what) take \(expected.count)")
  }

  func read(_ place: String) throws(Fault) -> [UInt8]? {
    do {
      return try DurableFiles.read(root + "/" + place)
    } catch {
      throw Fault(place: place, reason: "\(error)")
    }
  }
}

extension LogAudit.Report {
  /// Takes an entry that was checked.
  mutating func note(_ signed: SignedEntry) {
    let entry = signed.entry
    entriesByType[entry.type, default: 0] += 1
    if !subjects.contains(signed.subject) { subjects.append(signed.subject) }
    boots = (boots?.lowerBound ?? entry.boot)...max(boots?.upperBound ?? 0, entry.boot)
    if signed.isDeclaredSimulation || entry.clock?.source == .simulated { isSimulated = true }
    guard let clock = entry.clock else {
      entriesWithoutTime += 1
      return
    }
    let time = clock.unixMilliseconds
    let known = claimedMilliseconds ?? time...time
    claimedMilliseconds = min(known.lowerBound, time)...max(known.upperBound, time)
    claimedErrorMilliseconds = max(claimedErrorMilliseconds, clock.errorMilliseconds)
  }
}
