import Buses
import Configuration
import Quantities

extension SCD4x {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "scd4x", revision: 1,
    summary: "Sensirion SCD40, SCD41, SCD43: carbon dioxide, temperature and relative humidity",
    datasheet: "Sensirion SCD4x version 1.3",
    attachment: .i2c(addresses: [0x62].compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "mode", .choice(Mode.allCases.map(\.rawValue)), .standard("periodic"),
        help: "Whether the chip measures every 5 s (periodic) or 30 s (low-power) by itself, or "
          + "only when asked (single-shot; not the SCD40)"),
      OptionSpecification(
        "altitude", .quantity(.length, 0...3_000_000_000_000), .optional,
        help: "Height of the place above the sea, for the pressure of the air; as is, what the "
          + "chip's memory holds"),
    ],
    channels: [
      ChannelSpecification(
        "co2", .partsPerMillion, resolution: 1_000_000_000, range: 0...65_535_000_000_000,
        help: "Carbon dioxide in the air"),
      ChannelSpecification(
        "temperature", .celsius, resolution: 2_670_329,
        range: -45_000_000_000...130_000_000_000, help: "Temperature of the air at the chip"),
      ChannelSpecification(
        "humidity", .relativeHumidity, resolution: 1_525_902, range: 0...100_000_000_000,
        help: "Relative humidity of the air"),
    ],
    rawLayout: [
      RawString("words of carbon dioxide, temperature and humidity, each with checksum", bytes: 9)
    ],
    stimuli: [])

  /// Commands (section 3.4, table 9), each followed by up to 1 ms of silence.
  enum Command {
    static let readMeasurement: [UInt8] = [0xEC, 0x05]
    static let stop: [UInt8] = [0x3F, 0x86]
    static let setAltitude: [UInt8] = [0x24, 0x27]
    static let readAltitude: [UInt8] = [0x23, 0x22]
    static let readState: [UInt8] = [0xE4, 0xB8]
    static let readSerialNumber: [UInt8] = [0x36, 0x82]
  }

  /// The bits of the state of which one is set where there is a result (section 3.8.2).
  static let hasResult: UInt16 = 0x07FF

  /// How the chip comes to measure.
  enum Mode: String, CaseIterable, Hashable, Sendable {
    case periodic
    case lowPower = "low-power"
    case singleShot = "single-shot"

    /// The command that starts it (sections 3.5.1, 3.8.1 and 3.10.1).
    var command: [UInt8] {
      switch self {
      case .periodic: [0x21, 0xB1]
      case .lowPower: [0x21, 0xAC]
      case .singleShot: [0x21, 0x9D]
      }
    }

    /// The longest time from one result to the next: the nominal one and a fifth, for the data
    /// sheet gives it without a tolerance; for single shots, the time of one (section 3.10.1).
    var interval: Duration {
      switch self {
      case .periodic: .seconds(6)
      case .lowPower: .seconds(36)
      case .singleShot: .seconds(5)
      }
    }
  }
}
