public import Buses

/// The way in which a board file names a line of a chip.
public enum GPIOLineSelector: Hashable, Sendable, CustomStringConvertible {
  /// The line's number on its chip, from 0.
  case offset(Int)
  /// The name that the device tree gives it, for example `GPIO17`.
  case name(String)

  /// Reads a selector: a decimal number is an offset, anything else a name.
  public init(parsing text: String) throws(LineFailure) {
    guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
      throw LineFailure(
        .noSuchLine,
        detail: "'\(text.filter { $0 >= " " })' names no line; "
          + "write its number, for example 17, or its name, for example GPIO17")
    }
    self = decimal(text[...]).map(Self.offset) ?? .name(text)
  }

  /// The selector as it may be written.
  public var description: String {
    switch self {
    case .offset(let offset): String(offset)
    case .name(let name): name
    }
  }

  /// The line's offset on a chip with `lineCount` lines; `names` has each line's name by offset.
  func offset(
    on chip: GPIOChip, names: () throws(LineFailure) -> [String]
  ) throws(LineFailure) -> Int {
    switch self {
    case .offset(let offset):
      guard (0..<chip.lineCount).contains(offset) else {
        let range = chip.lineCount == 0 ? "no lines" : "the lines 0 to \(chip.lineCount - 1)"
        throw LineFailure(
          .noSuchLine, detail: "\(chip.name) (\(chip.label)) has no line \(offset), it has \(range)"
        )
      }
      return offset
    case .name(let name):
      let names = try names()
      let fitting = names.indices.filter { names[$0] == name }
      guard let offset = fitting.first else {
        let known = names.filter { !$0.isEmpty }.joined(separator: ", ")
        throw LineFailure(
          .noSuchLine,
          detail: "\(chip.name) (\(chip.label)) has no line '\(name)'; "
            + (known.isEmpty ? "its lines have no names, write the number" : "it has \(known)"))
      }
      guard fitting.count == 1 else {
        let offsets = fitting.map(String.init).joined(separator: ", ")
        throw LineFailure(
          .noSuchLine,
          detail: "the lines \(offsets) of \(chip.name) are all named '\(name)'; write the number")
      }
      return offset
    }
  }
}
