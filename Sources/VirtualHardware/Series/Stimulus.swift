/// What a part is given to measure: a column of a recording, a constant or a sine.
public struct Stimulus: Hashable, Sendable {
  enum Source: Hashable, Sendable {
    case recording(name: String, column: String, factor: Double, offset: Double)
    case constant(Double)
    case sine(mean: Double, amplitude: Double, periodNanoseconds: Int64)
  }

  let source: Source

  init(_ source: Source) {
    self.source = source
  }

  /// A stimulus that never changes.
  public init(constant value: Double) {
    source = .constant(value)
  }

  /// The recording and its column; nil for stimuli that need none.
  public var recording: (name: String, column: String)? {
    guard case .recording(let name, let column, _, _) = source else { return nil }
    return (name, column)
  }

  /// The value after a time of playing; nil where the recording has none or is not given.
  ///
  /// A sine begins at its mean and rises. The playback's speed does not act on it.
  public func value(atElapsed nanoseconds: Int64, playback: Playback?) -> Double? {
    let column = recording.flatMap { playback?.recording.columns.firstIndex(of: $0.column) }
    return value(atElapsed: nanoseconds, playback: playback, column: column)
  }

  func value(atElapsed nanoseconds: Int64, playback: Playback?, column: Int?) -> Double? {
    switch source {
    case .constant(let value): return value
    case .recording(let name, _, let factor, let offset):
      guard let playback, let column, playback.recording.name == name else { return nil }
      return playback.value(ofColumn: column, atElapsed: nanoseconds).map { $0 * factor + offset }
    case .sine(let mean, let amplitude, let period):
      let within = nanoseconds % period
      let turns = Double(within < 0 ? within + period : within) / Double(period)
      return mean + amplitude * Self.sine(ofTurns: turns)
    }
  }

  /// The sine of an angle in turns, 0 to 1; the same bits on every machine.
  private static func sine(ofTurns turns: Double) -> Double {
    // Folded to a quarter turn either way, where the series below is good to the last bit or two.
    let folded = turns < 0.25 ? turns : turns < 0.75 ? 0.5 - turns : turns - 1
    let angle = 2 * Double.pi * folded
    let square = angle * angle
    var sum = 0.0
    var term = angle
    for power in stride(from: 1.0, through: 25, by: 2) {
      sum += term
      term *= -square / ((power + 1) * (power + 2))
    }
    return sum
  }
}
