import Buses
import CGPIO
import Glibc

/// An open GPIO chip that can be asked about its lines; it closes with the value.
struct ChipHandle: ~Copyable {
  let path: String
  private let pointer: OpaquePointer

  /// Opens a chip; the failure names the chips that there are, unless they are being listed.
  init(opening path: String, isListing: Bool = false) throws(LineFailure) {
    var opened: OpaquePointer?
    let result = cairn_gpio_open(path, &opened)
    guard result == 0, let opened else {
      if isListing {
        throw LineFailure(-result == EACCES || -result == EPERM ? .other : .noSuchLine)
      }
      throw LineFailure(errno: -result, openingChipAt: path)
    }
    pointer = opened
    self.path = path
  }

  deinit {
    cairn_gpio_close(pointer)
  }

  func facts() throws(LineFailure) -> GPIOChip {
    var facts = cairn_gpio_chip_facts()
    let result = cairn_gpio_describe_chip(pointer, &facts)
    guard result == 0 else { throw LineFailure(errno: -result, using: path) }
    return GPIOChip(
      path: path, name: Self.text(facts.name), label: Self.text(facts.label),
      lineCount: Int(facts.line_count))
  }

  func line(_ offset: Int) throws(LineFailure) -> GPIOChip.Line {
    var facts = cairn_gpio_line_facts()
    let result = cairn_gpio_describe_line(pointer, UInt32(offset), &facts)
    guard result == 0 else { throw LineFailure(errno: -result, using: "\(path) line \(offset)") }
    return GPIOChip.Line(
      offset: offset, name: Self.text(facts.name), consumer: Self.text(facts.consumer),
      isUsed: facts.is_used)
  }

  /// The text of a C array that ends with a zero.
  private static func text<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
