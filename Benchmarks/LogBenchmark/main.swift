import Evidence
import Glibc
import LogDirectory
import MerkleLog

// LogBenchmark DIRECTORY SIZE ...
//
// Grows a log to each size in turn and prints, a line of JSON for each: what a group of five entries
// and a head cost there, how long a start takes, and how many entries a second an audit checks.

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

private func measure(_ path: String, at size: UInt64) throws {
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
  let audit = try milliseconds { _ = try LogAudit(path: path).run() }
  print(
    """
    {"entries": \(size), "start_ms": \(median(starts)), "append_5_ms": \(median(appends)), \
    "head_ms": \(median(heads)), "audit_ms": \(audit), \
    "verified_per_s": \(Double(total) * 1000 / audit), "cores": \(sysconf(Int32(_SC_NPROCESSORS_ONLN)))}
    """)
}

private let path = CommandLine.arguments[1]
for size in CommandLine.arguments.dropFirst(2).compactMap(UInt64.init) {
  try grow(path, to: size)
  try measure(path, at: size)
}
