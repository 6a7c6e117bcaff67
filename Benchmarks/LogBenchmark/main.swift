import Evidence
import Glibc
import MerkleLog

@testable import LogDirectory

// LogBenchmark DIRECTORY SIZE ...
//
// Grows a log to each size in turn and prints, a line of JSON for each: what a group of five entries
// and a head cost there, how long a start takes, and how many entries a second an audit checks. A size
// as synthetic:10000000 makes a log of its own with made-up hashes for all but the last entries, which
// is as good for all but the audit.

private let clock = ContinuousClock()

private func milliseconds(_ work: () throws -> Void) rethrows -> Double {
  let duration = try clock.measure(work)
  return Double(duration.components.seconds) * 1000
    + Double(duration.components.attoseconds) / 1e15
}

private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// Entries as a board signs them: four records and the raw bytes behind them.
private struct Writer {
  let identity: Identity
  let log: LogDirectory
  var boot: UInt64

  mutating func append(_ count: Int) throws {
    var previous = log.lastLeafHash
    var entries: [[UInt8]] = []
    for seq in log.size..<log.size + UInt64(count) {
      let records = try ["temperature", "humidity", "pressure", "dew-point"].enumerated().map {
        try BodyElement.record(
          SenMLRecord(
            name: "urn:dev:cairn:bench:air/\($1)", unit: "Cel",
            timeSeconds: 1_750_000_000 + Double(seq),
            value: .number(Double(seq % 977) + Double($0) / 7)))
      }
      let entry = Entry(
        type: seq == 0 ? .genesis : .data, sequence: seq, previous: previous, boot: boot,
        monotonicMilliseconds: seq * 1000, body: DataBody(seq == 0 ? [] : records).cbor,
        evidence: seq == 0
          ? nil : [SensorEvidence(sensor: "air", readings: [[1, 2, 3, 4, 5, 6, 7, 8]])])
      let signed = try SignedEntry(signing: entry, subject: "urn:dev:cairn:bench", by: identity)
      entries.append(signed.bytes)
      previous = signed.leafHash
    }
    try log.append(entries)
  }
}

private func open(_ path: String) throws -> Writer {
  let state = try StateDirectory(opening: path, isSimulated: false)
  let identity = state.identity
  let boot = try state.countStart()
  return Writer(identity: identity, log: try state.openLog(), boot: boot)
}

private func grow(_ path: String, to size: UInt64) throws {
  var writer = try open(path)
  while writer.log.size < size {
    try writer.append(Int(min(1000, size - writer.log.size)))
    _ = try writer.log.writeCheckpoint(signedBy: writer.identity)
    try StateDirectory.finishInitialising(path)
  }
}

/// A log of which only the last bundle has entries; a start looks at nothing else.
private func synthesize(_ path: String, _ size: UInt64) throws {
  let state = try StateDirectory(opening: path, isSimulated: false)
  let identity = state.identity
  let boot = try state.countStart()
  let first = (size - 1) / 256 * 256
  var tiles = TileDirectory(path: path + "/log")
  var tree = GrowingTree()
  for seq in 0..<first {
    tree.append(leaf: .leaf(bigEndian(seq)))
    // Full tiles far from the right edge are never read by a start, nor by a writer.
    for finished in tree.takeFinishedTiles()
    where finished.tile.level > 0 || finished.tile.index + 2 > first / 256 {
      try tiles.write(hashes: finished.bytes, of: finished.tile)
    }
  }
  var entries: [[UInt8]] = []
  var previous = Hash.leaf(bigEndian(first - 1))
  for seq in first..<size {
    let entry = Entry(
      type: .data, sequence: seq, previous: previous, boot: boot, monotonicMilliseconds: seq,
      body: DataBody([]).cbor)
    let signed = try SignedEntry(signing: entry, subject: "urn:dev:cairn:bench", by: identity)
    entries.append(signed.bytes)
    previous = signed.leafHash
    tree.append(leaf: signed.leafHash)
  }
  _ = try WriteAheadFile.create(at: path + "/wal", firstSeq: first, entries: entries)
  for changed in tree.takeChangedTiles() {
    try tiles.write(hashes: changed.bytes, of: changed.tile)
    if changed.tile.level == 0 {
      try tiles.write(entries: EntryBundle(entries: entries).encoded, of: changed.tile)
    }
  }
  try DurableFiles.replace(
    tiles.checkpointPath, with: try identity.checkpoint(at: tree.head).bytes)
  try StateDirectory.finishInitialising(path)
}

private func measure(_ path: String, at size: UInt64, audits: Bool) throws {
  var starts: [Double] = []
  for _ in 0..<5 { starts.append(try milliseconds { _ = try open(path) }) }
  var writer = try open(path)
  var appends: [Double] = []
  var heads: [Double] = []
  for _ in 0..<40 {
    for _ in 0..<5 { appends.append(try milliseconds { try writer.append(5) }) }
    heads.append(
      try milliseconds { _ = try writer.log.writeCheckpoint(signedBy: writer.identity) })
  }
  let total = writer.log.size
  var rate = 0.0
  if audits {
    rate = Double(total) * 1000 / (try milliseconds { _ = try LogAudit(path: path).run() })
  }
  print(
    """
    {"entries": \(size), "start_ms": \(median(starts)), "append_5_ms": \(median(appends)), \
    "head_ms": \(median(heads)), "verified_per_s": \(rate), \
    "cores": \(sysconf(Int32(_SC_NPROCESSORS_ONLN)))}
    """)
}

private let path = CommandLine.arguments[1]
for argument in CommandLine.arguments.dropFirst(2) {
  let parts = argument.split(separator: ":")
  guard let size = parts.last.flatMap({ UInt64($0) }), size > 256 else { continue }
  if parts.count > 1 {
    try synthesize("\(path)-\(size)", size)
    try measure("\(path)-\(size)", at: size, audits: false)
  } else {
    try grow(path, to: size)
    try measure(path, at: size, audits: true)
  }
}
