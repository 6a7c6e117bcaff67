import Buses
import Configuration
import Quantities

extension SHT3x {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "sht3x", revision: 1,
    summary: "Sensirion SHT30, SHT31, SHT35: temperature and relative humidity",
    datasheet: "Sensirion SHT3x-DIS version 5",
    attachment: .i2c(addresses: [0x44, 0x45].compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "repeatability", .choice(Repeatability.allCases.map(\.rawValue)), .standard("high"),
        help: "How far noise is averaged out: low takes up to 4.5 ms, medium 6.5, high 15.5")
    ],
    channels: [
      ChannelSpecification(
        "temperature", .celsius, resolution: 2_670_329,
        range: -45_000_000_000...130_000_000_000, help: "Temperature of the air at the chip"),
      ChannelSpecification(
        "humidity", .relativeHumidity, resolution: 1_525_902, range: 0...100_000_000_000,
        help: "Relative humidity of the air"),
    ],
    rawLayout: [RawString("temperature word, checksum, humidity word, checksum", bytes: 6)],
    stimuli: ["temperature", "humidity"])

  /// How far the chip averages noise out.
  enum Repeatability: String, CaseIterable, Hashable, Sendable {
    case low, medium, high

    /// The command for one shot without clock stretching (section 4.3, table 9).
    var command: [UInt8] {
      switch self {
      case .low: [0x24, 0x16]
      case .medium: [0x24, 0x0B]
      case .high: [0x24, 0x00]
      }
    }

    /// The longest time of a measurement (section 2.2).
    var duration: Duration {
      switch self {
      case .low: .microseconds(4500)
      case .medium: .microseconds(6500)
      case .high: .microseconds(15500)
      }
    }
  }
}
