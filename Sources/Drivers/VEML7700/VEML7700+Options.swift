import Buses
import Configuration
import Quantities

extension VEML7700 {
  /// What the driver is; the defaults reach from twilight to full sun.
  public static let specification = DriverSpecification(
    name: "veml7700", revision: 1,
    summary: "Vishay VEML7700, VEML6030: illuminance",
    datasheet: "Vishay 84286, application note 84323",
    attachment: .i2c(addresses: [0x10, 0x48].compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "gain", .choice(Gain.allCases.map(\.rawValue)), .standard("1/8"),
        help: "Sensitivity; 1 and 2 are for less than 100 lx"),
      OptionSpecification(
        "integration-time", .quantity(.duration, 25_000_000...800_000_000), .standard("100 ms"),
        help: "How long light is gathered: \(IntegrationTime.words)"),
    ],
    channels: [
      ChannelSpecification(
        "illuminance", .lux, resolution: 0, range: 0...140_000_000_000_000,
        help: "Illuminance at the chip")
    ],
    rawLayout: [RawString("register 0x04, light, least significant byte first", bytes: 2)],
    stimuli: [])

  /// Sensitivities.
  enum Gain: String, CaseIterable, Hashable, Sendable {
    case eighth = "1/8"
    case fourth = "1/4"
    case one = "1"
    case two = "2"

    /// ALS_GAIN (84286 table 1).
    var code: UInt16 {
      switch self {
      case .eighth: 2
      case .fourth: 3
      case .one: 0
      case .two: 1
      }
    }

    /// How often the largest gain is halved.
    var halvings: Int {
      switch self {
      case .eighth: 4
      case .fourth: 3
      case .one: 1
      case .two: 0
      }
    }
  }

  /// Integration times, the longest first.
  struct IntegrationTime: Hashable, Sendable {
    /// In milliseconds, and ALS_IT (84286 table 1).
    private static let all: [(milliseconds: Int, code: UInt16)] = [
      (800, 0x3), (400, 0x2), (200, 0x1), (100, 0x0), (50, 0x8), (25, 0xC),
    ]
    static let words = all.reversed().map { "\($0.milliseconds) ms" }.joined(separator: ", ")

    /// How often the longest time is halved.
    let halvings: Int
    let milliseconds: Int
    let code: UInt16

    init(_ options: OptionValues) throws(OptionConflict) {
      let nano = try options.requiredNano("integration-time")
      guard
        let place = Self.all.firstIndex(where: { Int128($0.milliseconds) * 1_000_000 == nano })
      else {
        throw OptionConflict(
          option: "integration-time", "'integration-time' is not a time that the chip has",
          remedy: "write one of \(Self.words)")
      }
      halvings = place
      (milliseconds, code) = Self.all[place]
    }
  }
}
