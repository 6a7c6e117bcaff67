public import Buses

/// The way in which a board file names a GPIO chip.
public enum GPIOChipSelector: Hashable, Sendable, CustomStringConvertible {
  /// A device node, for example `/dev/gpiochip0`.
  case path(String)
  /// A chip's number, written as `0` or `gpiochip0`; it may differ from one start to the next.
  case number(Int)
  /// A driver's name, for example `pinctrl-bcm2711`, which is the same after each start.
  case label(String)

  /// Reads a selector: a text with `/` in front is a path, `gpiochip0` or `0` a number, and
  /// anything else a label.
  public init(parsing text: String) throws(LineFailure) {
    guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
      throw LineFailure(
        .noSuchLine,
        detail: "'\(text.filter { $0 >= " " })' names no chip; "
          + "write a label such as pinctrl-bcm2711, a name such as gpiochip0, or a path")
    }
    let prefix = "gpiochip"
    if text.hasPrefix("/") {
      self = .path(text)
    } else if text.hasPrefix(prefix), let number = decimal(text.dropFirst(prefix.count)) {
      self = .number(number)
    } else if let number = decimal(text[...]) {
      self = .number(number)
    } else {
      self = .label(text)
    }
  }

  /// The selector as it may be written.
  public var description: String {
    switch self {
    case .path(let path): path
    case .number(let number): "gpiochip\(number)"
    case .label(let label): label
    }
  }

  /// The chip's device node; a label is looked up among the chips of a survey.
  func path(among survey: @autoclosure () -> GPIOChip.Survey) throws(LineFailure) -> String {
    switch self {
    case .path(let path): return path
    case .number(let number): return "/dev/gpiochip\(number)"
    case .label(let label):
      let survey = survey()
      let fitting = survey.chips.filter { $0.label == label }
      guard let chip = fitting.first else {
        throw LineFailure(
          .noSuchLine, detail: "no chip has the label '\(label)'; \(survey.text)")
      }
      guard fitting.count == 1 else {
        let names = fitting.map(\.name).joined(separator: ", ")
        throw LineFailure(
          .noSuchLine,
          detail: "\(names) all have the label '\(label)'; write one of these names instead")
      }
      return chip.path
    }
  }
}

/// A decimal number without sign or leading zeros, as the kernel writes them.
func decimal(_ text: Substring) -> Int? {
  guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
    text == "0" || !text.hasPrefix("0")
  else { return nil }
  return Int(text)
}
