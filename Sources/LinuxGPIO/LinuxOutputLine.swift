public import Buses

/// An output line of a GPIO chip, held by this program until the value ends.
///
/// When the value ends the line is driven to its safe level and then given back; most chips keep
/// that level, but the kernel does not promise it, and a program that is killed leaves the level
/// it last drove. What must be safe without power or program needs a pull on the board.
public struct LinuxOutputLine: OutputLine, ~Copyable, Sendable {
  private let handle: LineHandle
  private let safe: Bool

  /// Requests a line from the kernel and drives it at once, without a glitch between.
  ///
  /// `active` is the level from now on; `safe` is whether the line is active when the value has
  /// ended. `consumer` is what other programs see as the line's holder, 1 to 31 bytes. Throws
  /// `noSuchLine` with the chips or lines that there are, and `busy` with the holder's name.
  public init(
    chip: GPIOChipSelector, line: GPIOLineSelector, initially active: Bool, safe: Bool,
    isActiveLow: Bool = false, consumer: String = "cairn"
  ) throws(LineFailure) {
    handle = try LineHandle(
      chip: chip, line: line, isActiveLow: isActiveLow, consumer: consumer,
      for: .output(isActive: active))
    self.safe = safe
  }

  deinit {
    // Nobody can be told here; `close` is for those who must know.
    try? handle.drive(active: safe)
  }

  /// Drives the line active or inactive.
  public mutating func drive(active: Bool) throws(LineFailure) {
    try handle.drive(active: active)
  }

  /// Ends the value, and throws where the line could not be driven to its safe level.
  public consuming func close() throws(LineFailure) {
    try handle.drive(active: safe)
  }
}
