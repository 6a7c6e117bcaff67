import Buses
import Configuration
import Quantities

extension SEN5x {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "sen5x", revision: 1,
    summary: "Sensirion SEN50, SEN54, SEN55: particles, climate and gases in air",
    datasheet: "Sensirion SEN5x version 2",
    attachment: .i2c(addresses: [0x69].compactMap { I2CAddress($0) }),
    options: [],
    channels: [
      ParticulateMatter.channel("pm1", upTo: "1"),
      ParticulateMatter.channel("pm2-5", upTo: "2.5"),
      ParticulateMatter.channel("pm4", upTo: "4"),
      ParticulateMatter.channel("pm10", upTo: "10"),
      ChannelSpecification(
        "humidity", .relativeHumidity, resolution: 10_000_000, range: 0...100_000_000_000,
        help: "Relative humidity of the air; not in the SEN50"),
      ChannelSpecification(
        "temperature", .celsius, resolution: 5_000_000, range: -45_000_000_000...130_000_000_000,
        help: "Temperature of the air; not in the SEN50"),
      ChannelSpecification(
        "voc-index", .ratio, resolution: 100_000_000, range: 1_000_000_000...500_000_000_000,
        help: "Index of volatile organic compounds, 100 being usual; not in the SEN50"),
      ChannelSpecification(
        "nox-index", .ratio, resolution: 100_000_000, range: 1_000_000_000...500_000_000_000,
        help: "Index of nitrogen oxides, 1 being usual; only in the SEN55"),
    ],
    rawLayout: [
      RawString(
        "4 mass concentrations, humidity, temperature and 2 indexes, words with checksums",
        bytes: 24),
      RawString("device status, two words with checksums", bytes: 6),
    ],
    stimuli: [])

  /// What a word is whose value is unknown, in the order of the channels.
  static let unknown: [UInt16] = [
    0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0x7FFF, 0x7FFF, 0x7FFF, 0x7FFF,
  ]

  /// How often a read may be refused: for the 20 ms that a command may take, at 100 kHz.
  static let patience = 256

  /// Bits of the device status beside those of laser and fan.
  enum Status {
    static let climate: UInt32 = 1 << 6
    static let gas: UInt32 = 1 << 7
  }

  /// Commands, as in the maker's library.
  enum Command {
    static let start: [UInt8] = [0x00, 0x21]
    static let readMeasurement: [UInt8] = [0x03, 0xC4]
    static let readName: [UInt8] = [0xD0, 0x14]
    static let readStatus: [UInt8] = [0xD2, 0x06]
    static let reset: [UInt8] = [0xD3, 0x04]
  }
}
