import Buses
import CGPIO
import Glibc

/// A line that this program holds; it is given back with the value.
///
/// Sendable although it holds a pointer: there is one owner because the value cannot be copied,
/// libgpiod ties nothing to a thread, and all uses below that change something are `mutating` in
/// the lines that own a handle, so no two threads can be in one of its calls.
struct LineHandle: ~Copyable, @unchecked Sendable {
  /// The chip's path and the line's offset, for error messages.
  let name: String
  private let pointer: OpaquePointer

  /// How the line is to be held.
  enum Purpose: Hashable, Sendable {
    case input(bias: LineBias, edges: LinuxInputLine.Edges)
    case output(isActive: Bool)
  }

  /// Where a line is, and who held it when that was found out.
  private struct Place {
    let path: String
    let offset: Int
    let holder: String?

    var name: String { "\(path) line \(offset)" }

    init(of line: GPIOLineSelector, on chip: GPIOChipSelector) throws(LineFailure) {
      path = try chip.path(among: GPIOChip.survey())
      let opened = try ChipHandle(opening: path)
      let facts = try opened.facts()
      offset = try line.offset(on: facts) { () throws(LineFailure) -> [String] in
        var names: [String] = []
        for offset in 0..<facts.lineCount { names.append(try opened.line(offset).name) }
        return names
      }
      let consumer = try opened.line(offset).consumer
      holder = consumer.isEmpty ? nil : consumer
    }
  }

  /// The most bytes of a consumer's name, the kernel's `GPIO_MAX_NAME_SIZE` less the zero.
  static let consumerByteLimit = 31

  init(
    chip: GPIOChipSelector, line: GPIOLineSelector, isActiveLow: Bool, consumer: String,
    for purpose: Purpose
  ) throws(LineFailure) {
    try Self.check(consumer: consumer)
    let place = try Place(of: line, on: chip)
    var requested: OpaquePointer?
    let result: Int32
    switch purpose {
    case .input(let bias, let edges):
      result = cairn_gpio_request_input(
        place.path, UInt32(place.offset), consumer, Self.number(of: bias), isActiveLow,
        edges.number, &requested)
    case .output(let isActive):
      result = cairn_gpio_request_output(
        place.path, UInt32(place.offset), consumer, isActiveLow, isActive, &requested)
    }
    guard result == 0, let requested else {
      throw LineFailure(errno: -result, requesting: place.name, heldBy: place.holder)
    }
    pointer = requested
    name = place.name
  }

  deinit {
    cairn_gpio_release(pointer)
  }

  static func check(consumer: String) throws(LineFailure) {
    let bytes = consumer.utf8
    guard (1...consumerByteLimit).contains(bytes.count), bytes.allSatisfy({ $0 >= 0x20 }) else {
      throw LineFailure(
        .other,
        detail: "a line's consumer must be 1 to \(consumerByteLimit) bytes of text, "
          + "not \(bytes.count); write the program's name")
    }
  }

  static func number(of bias: LineBias) -> Int32 {
    let number =
      switch bias {
      case .asIs: CAIRN_GPIO_BIAS_AS_IS
      case .disabled: CAIRN_GPIO_BIAS_DISABLED
      case .pullUp: CAIRN_GPIO_BIAS_PULL_UP
      case .pullDown: CAIRN_GPIO_BIAS_PULL_DOWN
      }
    return Int32(number)
  }

  func level() throws(LineFailure) -> Bool {
    let result = cairn_gpio_get(pointer)
    guard result >= 0 else { throw LineFailure(errno: -result, using: name) }
    return result == 1
  }

  func drive(active: Bool) throws(LineFailure) {
    let result = cairn_gpio_set(pointer, active)
    guard result == 0 else { throw LineFailure(errno: -result, using: name) }
  }

  /// Whether an edge came within a time.
  func awaitEdge(nanoseconds: Int64) throws(LineFailure) -> Bool {
    let result = cairn_gpio_wait(pointer, nanoseconds)
    guard result >= 0 else { throw LineFailure(errno: -result, using: name) }
    return result == 1
  }

  /// The oldest edge that was not read; call it only where there is one.
  func readEdge() throws(LineFailure) -> LineEdge {
    var timestamp: Int64 = 0
    var isRising: Int32 = 0
    let result = cairn_gpio_read_edge(pointer, &timestamp, &isRising)
    guard result == 0 else { throw LineFailure(errno: -result, using: name) }
    return LineEdge(isRising == 1 ? .rising : .falling, timestamp: timestamp)
  }
}
