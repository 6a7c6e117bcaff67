public import Evidence
import Glibc
public import MerkleLog

/// Checks all files of a log and stops at the first thing that is wrong.
///
/// It takes a state directory, or the directory that is served. The log's name is its key, so
/// nothing else is needed; who the key belongs to, the reader must know. The log may grow meanwhile.
///
/// What no check can tell: bytes after the last whole frame of the write-ahead file may be of an entry
/// that was never acknowledged, so they are a note; a cursor that is missing or empty may have been
/// lost with the power, and is of no consequence; the private key may be missing from a copy; `lock`
/// means nothing once its process has ended.
public struct LogAudit: Sendable {
  /// What a log proved to hold.
  public struct Report: Sendable {
    /// The identity that signed everything.
    public let did: DIDKey
    /// The last signed head.
    public let head: TreeHead
    /// The head as a note, with the cosignatures that it has.
    public let note: SignedNote
    /// The newest head with cosignatures, where it is kept beside the last one.
    public var cosigned: SignedNote?
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
    /// The log that this one goes on from.
    public var predecessor: Predecessor?
    /// The identity that goes on from this log, which is closed.
    public var successor: DIDKey?
    /// The first entry that is kept; of those before it there are only the hashes in the tree.
    public var firstKept: UInt64 = 0
    /// The first entry that is kept by what the board signed.
    var signedFirstKept: UInt64 = 0
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
    let moment = try readMoment()
    let (did, head, note) = try checkHead(moment.checkpoint)
    var report = Report(did: did, head: head, note: note)
    if isStateDirectory { try checkStateFiles(did, moment, &report) }
    try checkNames(in: prefix, known: ["checkpoint", "cosigned", "tile"], &report)
    var verifier = LogVerifier(did: did)
    var tree = GrowingTree()
    try checkBundles(head, &verifier, &tree, &report)
    guard tree.head == head else {
      throw Fault(
        place: prefix + "checkpoint",
        reason: "the entries give the root \(tree.head.root), the signed head says \(head.root)")
    }
    for changed in tree.takeChangedTiles() { try checkTile(changed) }
    report.cosigned = try checkCosigned(did, head)
    try checkKept(report)
    if isStateDirectory { try checkWriteAheadFile(moment.writeAheadFile, &verifier, &report) }
    try checkOtherFiles(in: "tile", head, size: verifier.nextSequence, &report)
    if isStateDirectory {
      try checkNumbers(moment, size: verifier.nextSequence, &report)
      try checkMarkers(&report)
    }
    return report
  }

  /// The files that change while a log is written, as they were at one moment.
  struct Moment {
    var checkpoint: [UInt8] = []
    var writeAheadFile: [UInt8]?
    var cursor: [UInt8]?
  }

  /// Reads until no head was written meanwhile: the write-ahead file always reaches from before the
  /// head to beyond the broker's cursor, but one of these read later need not fit another.
  private func readMoment() throws(Fault) -> Moment {
    let place = prefix + "checkpoint"
    var moment = Moment()
    repeat {
      guard let checkpoint = try read(place) else {
        throw Fault(place: place, reason: "is missing; is '\(root)' the directory of a log?")
      }
      moment.checkpoint = checkpoint
      if isStateDirectory {
        moment.cursor = try read("cursor")
        moment.writeAheadFile = try read("wal")
      }
    } while try read(place) != moment.checkpoint
    return moment
  }

  private func checkHead(_ bytes: [UInt8]) throws(Fault) -> (DIDKey, TreeHead, SignedNote) {
    let place = prefix + "checkpoint"
    do {
      let note = try SignedNote(parsing: bytes)
      let origin = String(note.unverifiedText.prefix { $0 != "\n" })
      let did = try DIDKey(parsing: origin)
      let checkpoint = try Checkpoint.opening(note, log: did.noteVerifier)
      return (did, checkpoint.checkpoint.head, note)
    } catch {
      throw Fault(place: place, reason: "\(error)")
    }
  }

  /// The head with cosignatures must be of the same log, and its tree one of those on the way.
  private func checkCosigned(_ did: DIDKey, _ head: TreeHead) throws(Fault) -> SignedNote? {
    let place = prefix + "cosigned"
    guard let bytes = try read(place) else { return nil }
    do {
      let note = try SignedNote(parsing: bytes)
      let old = try Checkpoint.opening(note, log: did.noteVerifier).checkpoint.head
      // A log that is written meanwhile may have a newer one.
      guard old.size <= head.size else { return nil }
      let proof = try TileDirectory(path: root + "/" + prefix)
        .consistencyProof(from: old.size, to: head.size)
      try proof.verify(oldRoot: old.root, newRoot: head.root)
      return note
    } catch {
      throw Fault(place: place, reason: "\(error)")
    }
  }

  func checkTile(_ tile: HashTile) throws(Fault) {
    let (path, bytes) = try file(of: tile.tile, TilePath.hashes)
    let place = prefix + path.description
    guard path.tile.width == tile.tile.width || bytes.count == path.tile.byteCount else {
      throw Fault(place: place, reason: "has \(bytes.count) bytes, not \(path.tile.byteCount)")
    }
    let compared = path.tile.width == tile.tile.width ? bytes[...] : bytes.prefix(tile.bytes.count)
    try compare(Array(compared), tile.bytes, place: place, what: "the hashes of the entries")
  }

  /// The entries under a level-0 tile.
  func bundle(
    _ tile: Tile
  ) throws(Fault) -> (place: String, bytes: [UInt8], ranges: ArraySlice<Range<Int>>) {
    let (path, bytes) = try file(of: tile, TilePath.entries)
    let place = prefix + path.description
    let ranges: [Range<Int>]
    do {
      ranges = try EntryBundle.ranges(in: bytes)
    } catch {
      throw Fault(place: place, reason: "\(error)")
    }
    guard ranges.count == path.tile.width else {
      throw Fault(
        place: place, reason: "holds \(ranges.count) entries, expected \(path.tile.width)")
    }
    return (place, bytes, ranges.prefix(tile.width))
  }

  /// The file of a tile, or of the narrowest wider one: a log that is written meanwhile replaces
  /// partial tiles by wider ones.
  func file(
    of tile: Tile, _ kind: (Tile) -> TilePath
  ) throws(Fault) -> (path: TilePath, bytes: [UInt8]) {
    if let bytes = try read(prefix + kind(tile).description) { return (kind(tile), bytes) }
    let widths = tile.isPartial ? (tile.width + 1)...Tile.fullWidth : 257...257
    for width in widths {
      guard let wider = Tile(level: tile.level, index: tile.index, width: width),
        let bytes = try read(prefix + kind(wider).description)
      else { continue }
      return (kind(wider), bytes)
    }
    throw Fault(place: prefix + kind(tile).description, reason: "is missing")
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
    predecessor = predecessor ?? entry.predecessor
    successor = entry.successor ?? successor
    if !subjects.contains(signed.subject) { subjects.append(signed.subject) }
    boots = (boots?.lowerBound ?? entry.boot)...max(boots?.upperBound ?? 0, entry.boot)
    if signed.isDeclaredSimulation || entry.clock?.source == .simulated { isSimulated = true }
    if entry.type == .event, let events = try? entry.eventBody().events {
      signedFirstKept = events.compactMap(\.keptFromSequence).reduce(signedFirstKept, max)
    }
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
