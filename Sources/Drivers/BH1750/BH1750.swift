public import Buses
public import Configuration
import Quantities

/// ROHM BH1750FVI: illuminance over I2C.
///
/// Range: 0 to 54612 lx with the ordinary measurement time, 7400 to 121556 lx at the ends of it, in
/// steps of 0.11 to 1.9 lx. Accuracy: 20 %. Address 0x23 with ADDR at ground, 0x5C with ADDR at
/// the supply.
///
/// The driver takes single measurements, after which the chip powers itself down. It writes the
/// measurement time before each of them, so a chip that was reset has no settings to lose.
///
/// The chip has no registers and no identity, and no command tells it apart without doing harm to
/// other chips that live at its addresses; any chip that sends two bytes passes for one.
///
/// Source: ROHM "BH1750FVI", technical note 11046EDT01. Page numbers are that document's.
public struct BH1750: I2CSensor {
  let address: I2CAddress
  let mode: Mode
  let measurementTime: Int

  /// A driver for the chip at an address, with its mode and measurement time.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    mode = try options.choice("mode")
    measurementTime = options.integer("measurement-time") ?? Self.ordinaryTime
  }

  /// The longest time of one measurement, in proportion to the measurement time (pages 2 and 11).
  public var conversionTime: Duration {
    .microseconds((mode.microseconds * measurementTime + Self.ordinaryTime - 1) / Self.ordinaryTime)
  }

  /// Checks that a chip at the address sends two bytes.
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    _ = try bus.receive(2, after: [], from: address)
  }

  /// Writes the measurement time and starts one measurement (pages 5 and 11).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    let time = UInt8(measurementTime)
    try bus.send([Command.timeHigh | time >> 5], to: address)
    try bus.send([Command.timeLow | time & 0x1F], to: address)
    try bus.send([mode.command], to: address)
    return conversionTime
  }

  /// Fetches the two bytes of the measurement (page 7).
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    [try bus.receive(2, after: [], from: address)]
  }

  /// What two bytes mean: count / 1.2 x 69 / measurement time, half of that in mode `high-2`
  /// (pages 7 and 11), in whole numbers, rounded to 0.001 lx, halves away from zero.
  ///
  /// The largest count means that much or more, so it is a fault.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let count = raw[0].word(at: 0)
    guard count != .max else {
      return Measurement(
        [], faults: [ChannelFault("illuminance", cause: "illuminance is beyond the range")])
    }
    let divisor = Int128(12 * measurementTime * mode.stepsPerCount)
    let millilux = (Int128(count) * 1000 * 10 * Int128(Self.ordinaryTime)).roundedQuotient(
      by: divisor)
    return Measurement([Reading("illuminance", nano: millilux * 1_000_000, .lux)])
  }
}

extension BH1750 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "bh1750", revision: 1,
    summary: "ROHM BH1750: illuminance",
    datasheet: "ROHM BH1750FVI 11046EDT01",
    attachment: .i2c(addresses: [0x23, 0x5C].compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "mode", .choice(Mode.allCases.map(\.rawValue)), .standard("high"),
        help: "Resolution: low 4 lx in up to 24 ms, high 1 lx in 180 ms, high-2 0.5 lx in 180 ms"),
      OptionSpecification(
        "measurement-time", .integer(31...254), .standard("69"),
        help: "Measurement time register: 69 is ordinary, larger is slower and more sensitive"),
    ],
    channels: [
      ChannelSpecification(
        "illuminance", .lux, resolution: 0, range: 0...121_557_000_000_000,
        help: "Illuminance at the chip")
    ],
    rawLayout: [RawString("result, most significant byte first", bytes: 2)],
    stimuli: [])

  /// The measurement time register after a reset (page 11).
  static let ordinaryTime = 69

  /// Commands (page 5).
  enum Command {
    /// The upper three bits of the measurement time register.
    static let timeHigh: UInt8 = 0x40
    /// The lower five bits.
    static let timeLow: UInt8 = 0x60
  }

  /// Resolutions of one measurement.
  enum Mode: String, CaseIterable, Hashable, Sendable {
    case low, high
    case finer = "high-2"

    /// The command for one measurement (page 5).
    var command: UInt8 {
      switch self {
      case .low: 0x23
      case .high: 0x20
      case .finer: 0x21
      }
    }

    /// The longest time with the ordinary measurement time (page 2).
    var microseconds: Int { self == .low ? 24_000 : 180_000 }

    /// How many counts stand for what is one in the other modes (page 11).
    var stepsPerCount: Int { self == .finer ? 2 : 1 }
  }
}
