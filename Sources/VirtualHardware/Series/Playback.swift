/// A recording that is played: from where, how fast, and what happens between two rows.
///
/// Every row speaks for one normal step. Where the next row is missing or further away than one
/// and a half steps, its value holds for that step, and then there is none until the next row. At
/// the end the recording starts anew, one step after its last row.
public struct Playback: Sendable {
  /// What lies between two rows.
  public enum Interpolation: String, Hashable, Sendable, CaseIterable {
    /// The straight line between them.
    case linear
    /// The value of the earlier one.
    case stepwise
  }

  /// What is played.
  public let recording: Recording
  /// How many seconds of the recording pass in a second.
  public let speed: Double
  /// What lies between two rows.
  public let interpolation: Interpolation

  /// The speeds at which a recording can be played.
  public static let speeds: ClosedRange<Double> = 1...100_000

  private let startNanoseconds: Int64

  /// Plays a recording from a time in it, written as the recording writes its times.
  ///
  /// Without a time it is played from the first row. A higher speed only makes time pass faster in
  /// the recording: a frequency of 50 Hz stays one of 50 Hz.
  public init(
    of recording: Recording, from start: String? = nil, speed: Double = 1,
    interpolation: Interpolation = .linear
  ) throws(PlaybackFailure) {
    guard Self.speeds.contains(speed) else { throw .speedOutOfRange("\(speed)") }
    self.recording = recording
    self.speed = speed
    self.interpolation = interpolation
    let (first, last) = (recording.times.first ?? 0, recording.times.last ?? 0)
    guard let start else {
      startNanoseconds = first
      return
    }
    guard let time = RecordingTime(Array(start.utf8)[...]), time.form == recording.form else {
      throw .notATime(start, example: recording.text(first))
    }
    guard (first...last).contains(time.nanoseconds) else {
      throw .notInRecording(start, first: recording.text(first), last: recording.text(last))
    }
    startNanoseconds = time.nanoseconds
  }

  /// The value of a column after a time of playing; nil where it is missing or no such column is.
  public func value(of column: String, atElapsed nanoseconds: Int64) -> Double? {
    guard let index = recording.columns.firstIndex(of: column) else { return nil }
    return value(ofColumn: index, atElapsed: nanoseconds)
  }

  func value(ofColumn index: Int, atElapsed nanoseconds: Int64) -> Double? {
    let position = position(atElapsed: nanoseconds)
    let row = recording.row(notAfter: position)
    let value = recording.cells[index][row]
    guard !value.isNaN else { return nil }
    let since = position - recording.times[row]
    guard let gap = gap(after: row) else {
      return since < recording.stepNanoseconds ? value : nil
    }
    let next = recording.cells[index][row + 1]
    guard interpolation == .linear, !next.isNaN else { return value }
    return value + (next - value) * (Double(since) / Double(gap))
  }

  /// The time of playing at which the next row begins, or its values end, or the recording does.
  func nextBreak(afterElapsed nanoseconds: Int64) -> Int64 {
    let position = position(atElapsed: nanoseconds)
    let row = recording.row(notAfter: position)
    let stepEnd = recording.times[row] + recording.stepNanoseconds
    let isLast = row + 1 == recording.count
    let boundary =
      isLast || (gap(after: row) == nil && position < stepEnd)
      ? stepEnd : recording.times[row + 1]
    let distance = (Double(boundary - position) / speed).rounded(.up)
    return nanoseconds + max(1, Int64(distance))
  }

  /// The distance to the next row; nil where that is not a normal one.
  private func gap(after row: Int) -> Int64? {
    guard row + 1 < recording.count else { return nil }
    let gap = recording.times[row + 1] - recording.times[row]
    return gap <= recording.stepNanoseconds + recording.stepNanoseconds / 2 ? gap : nil
  }

  private func position(atElapsed nanoseconds: Int64) -> Int64 {
    let first = recording.times.first ?? 0
    // Whole speeds stay exact for as long as a board lives.
    let played =
      speed == speed.rounded()
      ? Int128(nanoseconds) * Int128(speed) : Int128(Double(nanoseconds) * speed)
    let period = Int128(recording.periodNanoseconds)
    let offset = (Int128(startNanoseconds - first) + played) % period
    return first + Int64(offset < 0 ? offset + period : offset)
  }
}

/// Why a recording cannot be played as asked.
public enum PlaybackFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The start is not a time in the form of the recording.
  case notATime(String, example: String)
  /// The start is before the first or after the last row.
  case notInRecording(String, first: String, last: String)
  /// The speed is too low, too high or no number.
  case speedOutOfRange(String)

  /// What is wrong.
  public var message: String {
    switch self {
    case .notATime(let text, _): "'\(text)' is not a time as the recording writes it"
    case .notInRecording(let text, _, _): "the recording does not reach '\(text)'"
    case .speedOutOfRange(let text): "a recording cannot be played at speed \(text)"
    }
  }

  /// What to write instead.
  public var remedy: String {
    switch self {
    case .notATime(_, let example): "write for example '\(example)'"
    case .notInRecording(_, let first, let last): "use a time from '\(first)' to '\(last)'"
    case .speedOutOfRange: "use a number from 1 to 100000"
    }
  }

  /// What is wrong; what to write instead.
  public var description: String { "\(message); \(remedy)" }
}
