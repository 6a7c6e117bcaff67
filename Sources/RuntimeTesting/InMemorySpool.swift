public import Evidence
public import Runtime

/// A spool in memory that can be told to fail.
public final class InMemorySpool: UnsignedSpool {
  private let state = Observed((lines: [String](), failure: LogFailure?.none))

  /// A spool without lines.
  public init() {}

  /// The lines, in their order.
  public var lines: [String] { state.value.lines }

  /// Keeps a line.
  public func append(_ line: String) throws(LogFailure) {
    let failure: LogFailure? = state.change { state in
      if state.failure == nil { state.lines.append(line) }
      return state.failure
    }
    if let failure { throw failure }
  }

  /// Makes keeping fail until it is told otherwise with nil.
  public func fail(with failure: LogFailure?) { state.change { $0.failure = failure } }
}
