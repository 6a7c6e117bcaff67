/// Where an entry's wall-clock time comes from.
public enum ClockSource: UInt64, Hashable, Sendable, CaseIterable {
  /// A guess that was kept over a power loss; no synchronisation since.
  case persistedGuess = 0
  /// The Network Time Protocol.
  case ntp = 1
  /// A satellite receiver or a pulse per second.
  case satellite = 2
  /// Network time with authenticated servers (Network Time Security).
  case authenticatedNTP = 3
  /// A person set it.
  case `operator` = 4
  /// Virtual hardware: the log is a simulation and never evidence.
  case simulated = 5
}

/// A board's claim of what time it is, with a bound on how wrong that may be.
public struct ClockReading: Hashable, Sendable {
  /// Milliseconds since 1970.
  public let unixMilliseconds: UInt64
  /// The largest error in milliseconds.
  public let errorMilliseconds: UInt64
  /// Where the time comes from.
  public let source: ClockSource

  /// A claim of the time.
  public init(unixMilliseconds: UInt64, errorMilliseconds: UInt64, source: ClockSource) {
    self.unixMilliseconds = unixMilliseconds
    self.errorMilliseconds = errorMilliseconds
    self.source = source
  }

  var cbor: CBOR {
    .array([
      .unsigned(unixMilliseconds), .unsigned(errorMilliseconds), .unsigned(source.rawValue),
    ])
  }

  /// The claim in a CBOR value, or nil for another shape or an unknown source.
  init?(cbor: CBOR) {
    guard let parts = cbor.arrayValue, parts.count == 3,
      let time = parts[0].unsignedValue, let error = parts[1].unsignedValue,
      let source = parts[2].unsignedValue.flatMap(ClockSource.init(rawValue:))
    else { return nil }
    self.init(unixMilliseconds: time, errorMilliseconds: error, source: source)
  }
}
