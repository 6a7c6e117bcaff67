public import Quantities

/// Why a text is not a stimulus, or why a stimulus cannot be played.
public enum StimulusFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text is empty.
  case empty
  /// The text begins with neither a column of a recording, a number nor `sine(`.
  case notAStimulus(String)
  /// A number was expected.
  case notANumber(String, in: String)
  /// Something stands where the text should end, or where an operator should be.
  case unexpected(String, in: String)
  /// An operator has no number behind it.
  case missingNumber(operator: String, in: String)
  /// A sine is not closed or has not three parts.
  case malformedSine(String)
  /// The period of a sine is no time.
  case period(QuantityFailure)
  /// The period of a sine is zero or negative.
  case periodNotPositive(String)
  /// There is no such recording.
  case unknownRecording(String, known: [String])
  /// The recording has no such column.
  case unknownColumn(String, recording: String, known: [String])

  /// What is wrong.
  public var message: String {
    switch self {
    case .empty: "a stimulus is empty"
    case .notAStimulus(let text): "'\(text)' is not a stimulus"
    case .notANumber(let word, let text): "'\(word)' in '\(text)' is not a number"
    case .unexpected(let word, let text): "'\(word)' in '\(text)' is not expected"
    case .missingNumber(let sign, let text): "there is no number behind '\(sign)' in '\(text)'"
    case .malformedSine(let text): "'\(text)' is not a sine"
    case .period(let failure): "the period of a sine \(failure.message)"
    case .periodNotPositive(let text): "the period of a sine is not positive: '\(text)'"
    case .unknownRecording(let name, _): "there is no recording '\(name)'"
    case .unknownColumn(let column, let recording, _):
      "recording '\(recording)' has no column '\(column)'"
    }
  }

  /// What to write instead.
  public var remedy: String {
    switch self {
    case .empty, .notAStimulus:
      "write 'RECORDING.COLUMN', 'RECORDING.COLUMN * NUMBER + NUMBER', a number, or "
        + "'sine(MEAN, AMPLITUDE, PERIOD)'"
    case .notANumber: "write a plain number such as 0.1, without a unit"
    case .unexpected:
      "write at most '* NUMBER' and then '+ NUMBER' or '- NUMBER', with blanks between"
    case .missingNumber: "write a number behind it"
    case .malformedSine: "write for example 'sine(21.5, 3, 60 s)'"
    case .period(let failure): failure.remedy
    case .periodNotPositive: "write for example '60 s'"
    case .unknownRecording(_, let known):
      known.isEmpty ? "name a recording first" : "use one of " + known.joined(separator: ", ")
    case .unknownColumn(_, _, let known): "use one of " + known.joined(separator: ", ")
    }
  }

  /// What is wrong; what to write instead.
  public var description: String { "\(message); \(remedy)" }
}

extension Stimulus: CustomStringConvertible {
  /// Reads a stimulus as users write it.
  ///
  ///     alamosa.temp_c                 a column of a recording
  ///     alamosa.press_mbar * 100       with a factor
  ///     toledo.v_l1 * 0.01 - 2.5       with a factor and an offset
  ///     21.5                           a constant
  ///     sine(50, 0.02, 60 s)           mean, amplitude, period
  ///
  /// The names begin with a letter and go on with letters, digits, `_` and `-`. There are blanks
  /// around the operators, and the product comes before the sum.
  public init(parsing text: String) throws(StimulusFailure) {
    let trimmed = String(text.trimmingBlanks)
    guard !trimmed.isEmpty else { throw .empty }
    if let value = Self.number(trimmed) {
      self.init(.constant(value))
    } else if trimmed.hasPrefix("sine(") {
      self = try Self.sine(trimmed)
    } else {
      self = try Self.column(trimmed)
    }
  }

  /// The stimulus as text that reads to the same stimulus.
  public var description: String {
    switch source {
    case .constant(let value): return Self.text(value)
    case .sine(let mean, let amplitude, let period):
      return "sine(\(Self.text(mean)), \(Self.text(amplitude)), \(period) ns)"
    case .recording(let name, let column, let factor, let offset):
      var text = "\(name).\(column)"
      if factor != 1 { text += " * \(Self.text(factor))" }
      if offset != 0 { text += " \(offset < 0 ? "-" : "+") \(Self.text(abs(offset)))" }
      return text
    }
  }

  private static func column(_ text: String) throws(StimulusFailure) -> Stimulus {
    var words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
    let parts = words.removeFirst().split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy(isName) else { throw .notAStimulus(text) }
    var factor = 1.0
    var offset = 0.0
    if words.first == "*" {
      factor = try operand(behind: "*", of: &words, in: text)
    }
    if let sign = words.first, sign == "+" || sign == "-" {
      // A second sign would be a slip more often than a wish.
      if words.count > 1, let mark = words[1].first, "+-".contains(mark) {
        throw .notANumber(words[1], in: text)
      }
      let amount = try operand(behind: sign, of: &words, in: text)
      offset = sign == "-" ? -amount : amount
    }
    if let rest = words.first { throw .unexpected(rest, in: text) }
    return Stimulus(
      .recording(name: String(parts[0]), column: String(parts[1]), factor: factor, offset: offset))
  }

  private static func operand(
    behind sign: String, of words: inout [String], in text: String
  ) throws(StimulusFailure) -> Double {
    guard words.count > 1 else { throw .missingNumber(operator: sign, in: text) }
    guard let value = number(words[1]) else { throw .notANumber(words[1], in: text) }
    words.removeFirst(2)
    return value
  }

  private static func sine(_ text: String) throws(StimulusFailure) -> Stimulus {
    let parts = text.dropFirst("sine(".count).dropLast()
      .split(separator: ",", omittingEmptySubsequences: false)
      .map { String($0.trimmingBlanks) }
    guard text.hasSuffix(")"), parts.count == 3 else { throw .malformedSine(text) }
    guard let mean = number(parts[0]) else { throw .notANumber(parts[0], in: text) }
    guard let amplitude = number(parts[1]) else { throw .notANumber(parts[1], in: text) }
    let period: Quantity
    do {
      period = try Quantity(parsing: parts[2], as: .duration)
    } catch {
      throw .period(error)
    }
    guard let nanoseconds = Int64(exactly: period.nano), nanoseconds > 0 else {
      throw .periodNotPositive(parts[2])
    }
    return Stimulus(.sine(mean: mean, amplitude: amplitude, periodNanoseconds: nanoseconds))
  }

  private static func isName(_ text: Substring) -> Bool {
    guard let first = text.first, first.isASCII, first.isLetter else { return false }
    return text.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-")
    }
  }

  private static func number(_ text: String) -> Double? {
    DecimalNumber.nano(of: text).map { Quantity(nano: $0, unit: .ratio).value }
  }

  private static func text(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
