/// A bus behind a reference, for owners that are generic over something that can be copied.
///
/// The bus is closed when the last reference is gone. Not for use from two threads.
public final class I2CBusReference<Bus: I2CBus & ~Copyable>: I2CBus {
  private var bus: Bus

  /// Takes a bus over.
  public init(_ bus: consuming Bus) {
    self.bus = bus
  }

  /// Makes one exchange on the bus.
  @_lifetime(buffer: copy buffer)
  public func transfer(
    to address: I2CAddress, writing bytes: Span<UInt8>, reading buffer: inout MutableSpan<UInt8>
  ) throws(I2CFailure) {
    try bus.transfer(to: address, writing: bytes, reading: &buffer)
  }
}

/// An input line behind a reference, for owners that are generic over something that can be copied.
///
/// The line is given back when the last reference is gone. Not for use from two threads.
public final class InputLineReference<Line: InputLine & ~Copyable>: InputLine {
  private var line: Line

  /// Takes a line over.
  public init(_ line: consuming Line) {
    self.line = line
  }

  /// Whether the line is active now.
  public func level() throws(LineFailure) -> Bool { try line.level() }

  /// The next edge, or nil where none came within `limit`.
  public func nextEdge(within limit: Duration) throws(LineFailure) -> LineEdge? {
    try line.nextEdge(within: limit)
  }
}

/// An output line behind a reference, for owners that are generic over something that can be copied.
///
/// The line is given back when the last reference is gone. Not for use from two threads.
public final class OutputLineReference<Line: OutputLine & ~Copyable>: OutputLine {
  private var line: Line

  /// Takes a line over.
  public init(_ line: consuming Line) {
    self.line = line
  }

  /// Drives the line active or inactive.
  public func drive(active: Bool) throws(LineFailure) { try line.drive(active: active) }
}

/// A kernel's device behind a reference, for owners that are generic over something that can be
/// copied.
///
/// The device is closed when the last reference is gone. Not for use from two threads.
public final class KernelDeviceReference<Device: KernelDevice & ~Copyable>: KernelDevice {
  private var device: Device

  /// Takes a device over.
  public init(_ device: consuming Device) {
    self.device = device
  }

  /// The names of all attributes, in any order.
  public func attributes() throws(KernelDeviceFailure) -> [String] { try device.attributes() }

  /// The text of an attribute without its line end.
  public func attribute(_ name: String) throws(KernelDeviceFailure) -> String {
    try device.attribute(name)
  }
}
