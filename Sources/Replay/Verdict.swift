public import Evidence

/// What came of computing an entry again.
public struct Verdict: Hashable, Sendable {
  /// Something that came out otherwise than the log says.
  public struct Difference: Hashable, Sendable {
    /// The record's name, or an event's subject.
    public let name: String
    /// What the log says.
    public let logged: String
    /// What came out.
    public let computed: String
  }

  /// The entry's place in the log.
  public let sequence: UInt64
  /// The entry's type.
  public let type: EntryType
  /// How many values and alarms came out to the last bit.
  public private(set) var recomputed = 0
  /// How many could not be computed, by the reason.
  public private(set) var skipped: [String: Int] = [:]
  /// What came out otherwise.
  public private(set) var differences: [Difference] = []

  init(sequence: UInt64, type: EntryType) {
    self.sequence = sequence
    self.type = type
  }

  mutating func confirm(_ count: Int = 1) { recomputed += count }

  mutating func add(_ other: Verdict) {
    recomputed += other.recomputed
    for (reason, count) in other.skipped { skipped[reason, default: 0] += count }
    differences += other.differences
  }

  mutating func skip(_ count: Int, _ reason: String) {
    guard count > 0 else { return }
    skipped[reason, default: 0] += count
  }

  mutating func differ(_ name: String, logged: String, computed: String) {
    differences.append(Difference(name: name, logged: logged, computed: computed))
  }
}
