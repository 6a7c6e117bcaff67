public import Evidence

/// Whether a recorder signs.
public enum Standing: Hashable, Sendable {
  /// Statements are signed.
  case signing
  /// Statements wait, since it is not known yet whether they may be signed, and why.
  case waiting(String)
  /// Nothing is signed any more until the board is started again, and why.
  case failed(LogFailure)

  /// Why nothing is signed any more; nil while something is, or may be later.
  public var failure: LogFailure? {
    if case .failed(let failure) = self { failure } else { nil }
  }
}

/// How a recorder is, for health.
public struct RecorderState: Hashable, Sendable {
  /// Whether it signs.
  public internal(set) var standing: Standing
  /// The number of durable entries.
  public internal(set) var size: UInt64
  /// The size under the last signed head; nil before the first.
  public internal(set) var checkpointSize: UInt64?
  /// Why an entry could not be read when it was last asked for.
  public internal(set) var readFailure: LogFailure?
  /// Statements that were not signed.
  public internal(set) var unsignedStatements: UInt64 = 0
  /// Statements among them that could not even be kept unsigned, and why the last one could not.
  public internal(set) var lostStatements: UInt64 = 0
  /// Why the spool did not take a statement when it was last given one.
  public internal(set) var spoolFailure: LogFailure?

  /// Why nothing is signed any more; nil while something is, or may be later.
  public var failure: LogFailure? { standing.failure }
}
