import BrokerTesting
import Evidence
import LogDirectory
import MerkleLog

/// A board's log whose entries a test signs itself, so that it knows every one.
struct OwnLog {
  static let subject = "urn:dev:cairn:bank"
  /// 2026-01-31T12:00:00Z.
  static let noon: UInt64 = 1_769_860_800_000

  /// What an entry says; each stands two seconds after the one before.
  struct Statement {
    let type: EntryType
    var body: CBOR = .array([])
    var extra: CBOR?
    /// Whether the board claims the time.
    var isTimed = true
    var disclosures: [Disclosure] = []
  }

  /// The state directory.
  let path: String

  /// Signs the statements behind a genesis entry, and a head over all of them.
  init(_ statements: [Statement], in directory: Directory) throws {
    path = directory.path("bank")
    let state = try StateDirectory(opening: path, isSimulated: false)
    let identity = state.identity
    let boot = try state.countStart()
    let log = try state.openLog()
    for statement in [Statement(type: .genesis)] + statements {
      let seq = log.size
      try log.keep([statement.disclosures], from: seq)
      let clock = ClockReading(
        unixMilliseconds: Self.noon + seq * 2000, errorMilliseconds: 5, source: .ntp)
      let entry = Entry(
        type: statement.type, sequence: seq, previous: log.lastLeafHash, boot: boot,
        monotonicMilliseconds: 10_000 + seq * 2000, clock: statement.isTimed ? clock : nil,
        body: statement.body, extra: statement.extra)
      try log.append([SignedEntry(signing: entry, subject: Self.subject, by: identity).bytes])
    }
    _ = try log.writeCheckpoint(signedBy: identity)
    try StateDirectory.finishInitialising(path)
  }

  /// A statement with one record, hidden or open; without a time it was taken before the clock was set.
  static func reading(
    _ name: String, _ value: Double, isTimed: Bool = true, seconds: Double = 0,
    isHidden: Bool = false
  ) throws -> Statement {
    let record = try SenMLRecord(
      name: "\(subject):\(name)", unit: "W",
      timeSeconds: isTimed ? Double(noon) / 1000 + seconds : nil, value: .number(value))
    let extra: CBOR? = isTimed ? nil : .array([.unsigned(UInt64(seconds * 1000))])
    guard isHidden else {
      return Statement(
        type: .data, body: DataBody([.record(record)]).cbor, extra: extra, isTimed: isTimed)
    }
    let disclosure = try Disclosure(salt: Array(0..<16), record: record)
    return Statement(
      type: .data, body: DataBody([.redacted(disclosure.digest)]).cbor, extra: extra,
      isTimed: isTimed, disclosures: [disclosure])
  }
}
