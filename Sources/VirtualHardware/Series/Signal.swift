/// A stimulus that is bound to its recording and to the clock: what a part measures when.
public struct Signal: Sendable {
  /// What is measured.
  public let stimulus: Stimulus
  /// The recording that is played; nil for stimuli that need none.
  public let playback: Playback?
  /// When playing begins, in nanoseconds of the monotonic clock.
  public let originNanoseconds: Int64

  private let column: Int?

  /// A stimulus with its recording among `playbacks`, played from a time of the monotonic clock.
  ///
  /// The signals of one board should have one origin.
  public init(
    _ stimulus: Stimulus, playbacks: [Playback] = [], originNanoseconds: Int64 = 0
  ) throws(StimulusFailure) {
    self.stimulus = stimulus
    self.originNanoseconds = originNanoseconds
    guard let (name, column) = stimulus.recording else {
      playback = nil
      self.column = nil
      return
    }
    guard let playback = playbacks.first(where: { $0.recording.name == name }) else {
      throw .unknownRecording(name, known: playbacks.map(\.recording.name))
    }
    guard let index = playback.recording.columns.firstIndex(of: column) else {
      throw .unknownColumn(column, recording: name, known: playback.recording.columns)
    }
    self.playback = playback
    self.column = index
  }

  /// A signal that never changes.
  public init(constant value: Double) {
    stimulus = Stimulus(constant: value)
    playback = nil
    originNanoseconds = 0
    column = nil
  }

  /// The value at a time of the monotonic clock; nil where the recording has none.
  public func value(at nanoseconds: Int64) -> Double? {
    stimulus.value(
      atElapsed: nanoseconds - originNanoseconds, playback: playback, column: column)
  }

  /// A later time up to which the signal is straight, or nearly so.
  func nextBreak(after nanoseconds: Int64) -> Int64 {
    let elapsed = nanoseconds - originNanoseconds
    switch stimulus.source {
    case .constant: return nanoseconds + 3_600_000_000_000
    case .recording:
      return originNanoseconds
        + (playback?.nextBreak(afterElapsed: elapsed) ?? elapsed + 1_000_000_000)
    case .sine(_, _, let period):
      // 512 chords follow a sine to 2 parts in 100 000, and to nothing over whole periods.
      let step = max(period / 512, 100_000)
      return nanoseconds + step - (elapsed % step + step) % step
    }
  }
}
