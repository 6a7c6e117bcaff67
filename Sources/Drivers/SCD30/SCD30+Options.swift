import Buses
import Configuration
import Quantities

extension SCD30 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "scd30", revision: 1,
    summary: "Sensirion SCD30: carbon dioxide, temperature and relative humidity",
    datasheet: "Sensirion SCD30 interface description version 1.0",
    attachment: .i2c(addresses: [0x61].compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "measurement-interval", .quantity(.duration, 2_000_000_000...1_800_000_000_000),
        .standard("2 s"), help: "Time from one measurement of the module to the next"),
      OptionSpecification(
        "altitude", .quantity(.length, 0...3_000_000_000_000), .optional,
        help: "Height of the place above the sea, for the pressure of the air; as is, what the "
          + "module remembers"),
    ],
    channels: [
      ChannelSpecification(
        "co2", .partsPerMillion, resolution: 0, range: 0...40_000_000_000_000,
        help: "Carbon dioxide in the air"),
      ChannelSpecification(
        "temperature", .celsius, resolution: 0, range: -45_000_000_000...130_000_000_000,
        help: "Temperature of the air at the module"),
      ChannelSpecification(
        "humidity", .relativeHumidity, resolution: 0, range: 0...100_000_000_000,
        help: "Relative humidity of the air"),
    ],
    rawLayout: [
      RawString(
        "carbon dioxide, temperature and humidity, each as two words with checksums", bytes: 18)
    ],
    stimuli: [])

  /// Commands (section 1.4); where one has an argument, it reads back without it.
  enum Command {
    static let start: [UInt8] = [0x00, 0x10]
    static let interval: [UInt8] = [0x46, 0x00]
    static let readState: [UInt8] = [0x02, 0x02]
    static let readMeasurement: [UInt8] = [0x03, 0x00]
    static let altitude: [UInt8] = [0x51, 0x02]
    static let readVersion: [UInt8] = [0xD1, 0x00]
    static let reset: [UInt8] = [0xD3, 0x04]
  }
}
