public import Buses
import CGPIO

/// An input line of a GPIO chip, held by this program until the value ends.
///
/// The kernel stamps edges and keeps a few of them (16 for one line) until they are read; what
/// comes when that is full is lost, so a line with fast edges wants its reader close by. An edge
/// is rising when the line becomes active, also where `isActiveLow` turns the levels round. A call
/// blocks its thread. There is no debouncing here: it is the same for all releases of libgpiod
/// when the program does it.
///
/// Sources: libgpiod 1.6 and 2.x, and the kernel's linux/gpio.h.
public struct LinuxInputLine: InputLine, ~Copyable, Sendable {
  /// The changes that a line reports.
  public enum Edges: String, Hashable, Sendable, CaseIterable {
    /// None; for lines whose level is read, also on chips without interrupts.
    case none
    /// Those from inactive to active.
    case rising
    /// Those from active to inactive.
    case falling
    /// All.
    case both
  }

  private let handle: LineHandle
  private let edges: Edges

  /// Requests a line from the kernel.
  ///
  /// `consumer` is what other programs see as the line's holder, 1 to 31 bytes. Throws
  /// `noSuchLine` with the chips or lines that there are, `busy` with the holder's name,
  /// and `unsupported` where the chip has no such bias or no interrupts.
  public init(
    chip: GPIOChipSelector, line: GPIOLineSelector, bias: LineBias = .asIs,
    isActiveLow: Bool = false, edges: Edges = .both, consumer: String = "cairn"
  ) throws(LineFailure) {
    handle = try LineHandle(
      chip: chip, line: line, isActiveLow: isActiveLow, consumer: consumer,
      for: .input(bias: bias, edges: edges))
    self.edges = edges
  }

  /// Whether the line is active now.
  public mutating func level() throws(LineFailure) -> Bool {
    try handle.level()
  }

  /// The next edge, or nil where none came within `limit`; a limit of zero or less does not wait.
  ///
  /// Signals do not end the wait. Throws `unsupported` on a line that reports no edges, and
  /// `deviceGone` when the chip goes away.
  public mutating func nextEdge(within limit: Duration) throws(LineFailure) -> LineEdge? {
    guard edges != .none else {
      throw LineFailure(.unsupported, detail: "\(handle.name) was requested without edges")
    }
    guard try handle.awaitEdge(nanoseconds: Self.nanoseconds(limit)) else { return nil }
    return try handle.readEdge()
  }

  /// A time limit in nanoseconds, rounded up; what is too long for the type is its largest value.
  static func nanoseconds(_ limit: Duration) -> Int64 {
    let (seconds, attoseconds) = limit.components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, exceeds) = whole.addingReportingOverflow(
      (attoseconds + 999_999_999) / 1_000_000_000)
    return overflows || exceeds ? .max : sum
  }
}

extension LinuxInputLine.Edges {
  /// The shim's number for these edges.
  var number: Int32 {
    let number =
      switch self {
      case .none: CAIRN_GPIO_EDGES_NONE
      case .rising: CAIRN_GPIO_EDGES_RISING
      case .falling: CAIRN_GPIO_EDGES_FALLING
      case .both: CAIRN_GPIO_EDGES_BOTH
      }
    return Int32(number)
  }
}
