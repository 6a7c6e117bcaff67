public import Buses
public import Configuration

/// What every driver can do without its hardware: say what it is, and decode bytes.
///
/// A driver sees no path, no clock and no file descriptor, and never sleeps.
public protocol SensorDriver: Sendable {
  /// What the driver is.
  static var specification: DriverSpecification { get }

  /// The longest time from `begin` to a result with the driver's options; zero for lines.
  var conversionTime: Duration { get }

  /// The bytes that the factory, or the driver's settings, put between raw bytes and values; nil
  /// where decoding needs none. With them and `rawLayout`, a third party can decode.
  var calibration: [UInt8]? { get }

  /// Takes calibration bytes that were read earlier, perhaps by somebody else.
  mutating func restore(calibration: [UInt8]) throws(DriverFailure)

  /// What raw bytes mean; pure: the same bytes, options and calibration give the same values.
  func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement
}

extension SensorDriver {
  /// Nothing, for a part that sends finished values.
  public var calibration: [UInt8]? { nil }

  /// Takes no bytes only.
  public mutating func restore(calibration: [UInt8]) throws(DriverFailure) {
    guard calibration.isEmpty else {
      throw .malformed("calibration has \(calibration.count) bytes, expected none")
    }
  }
}

/// A driver of a chip on an I2C bus.
///
/// The runtime calls `identify`, `reset` and, at least the returned time later, `configure`. Then,
/// for every measurement, it calls `begin`, `proceed` until that returns nil, and `fetch`, each at
/// least the returned time later. After any failure it may begin again with `begin` or `identify`.
public protocol I2CSensor: SensorDriver {
  /// A driver for the chip at an address, with options that `specification.options` describe.
  init(options: OptionValues, address: I2CAddress) throws(OptionConflict)

  /// Checks that the chip at the address is the one that the driver knows.
  mutating func identify<Bus: I2CBus & ~Copyable>(on bus: inout Bus) throws(DriverFailure)

  /// Resets the chip where it can be, and returns how long it then needs before `configure`.
  mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration

  /// Reads the chip's calibration and writes its settings.
  ///
  /// Returns how long the chip needs before `begin`.
  mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration

  /// Starts a measurement and returns how long it takes.
  mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration

  /// Goes on with a measurement of several steps: takes what there is, starts what comes next, and
  /// returns how long that takes.
  ///
  /// Returns nil, and exchanges nothing, where `fetch` comes next.
  mutating func proceed<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration?

  /// Fetches the bytes of the measurement that `begin` started, as `decode` takes them.
  mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]]
}

/// What a chip needs that has less to do.
extension I2CSensor {
  /// A chip that cannot be reset needs no exchange and no time.
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    .zero
  }

  /// A chip without settings needs no exchange and no time.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    .zero
  }

  /// Most chips measure in one step.
  public mutating func proceed<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration? {
    nil
  }
}

/// A driver that reads a chip through the Linux kernel's own driver of it.
public protocol KernelSensor: SensorDriver {
  /// A driver with options that `specification.options` describe.
  init(options: OptionValues) throws(OptionConflict)

  /// Fetches the bytes of a measurement, as `decode` takes them; the chip may measure meanwhile.
  mutating func fetch<Device: KernelDevice & ~Copyable>(
    from device: inout Device
  ) throws(DriverFailure) -> [[UInt8]]

  /// What can be read of a device with these attributes, in the order of the names.
  static func sources(among attributes: [String]) -> [KernelSource]
}

/// Something that a kernel's device measures, and the channel that it can be.
public struct KernelSource: Hashable, Sendable {
  /// The driver's channel, and the key of the board file.
  public let channel: String
  /// The stem of the kernel's attributes, for example `temp1`.
  public let stem: String
  /// The attribute with a name for people, which not every device has.
  public let labelAttribute: String
}

/// A driver of something on an input line, fed with the line's edges.
public protocol LineSensor: SensorDriver {
  /// A driver with options that `specification.options` describe.
  init(options: OptionValues) throws(OptionConflict)

  /// Takes one edge, in the order in which they came.
  mutating func accept(_ edge: LineEdge)

  /// The bytes of a measurement at a time of the monotonic clock, in nanoseconds, as `decode`
  /// takes them.
  mutating func fetch(at timestamp: Int64) -> [[UInt8]]

  /// Continues totals from the last readings of an earlier run.
  mutating func resume(from readings: [Reading])
}
