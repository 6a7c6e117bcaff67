import Buses
import Configuration
import Quantities

/// Register addresses (DS20005850E table 6-1); a read goes on with the next register, past the
/// commands and the registers of channels that the chip has not.
enum PAC193xRegister {
  static let refresh: UInt8 = 0x00
  static let control: UInt8 = 0x01
  /// The number of samples, then the totals of the powers.
  static let totals: UInt8 = 0x02
  /// The averages of the voltages, then of the voltages across the shunts.
  static let averages: UInt8 = 0x0F
  static let disabled: UInt8 = 0x1C
  static let directions: UInt8 = 0x1D
  static let slow: UInt8 = 0x20
  static let product: UInt8 = 0xFD
  static let maker: UInt8 = 0xFE
}

/// The options of a `PAC193x` as its registers and its formulas want them.
struct PAC193xSettings: Hashable, Sendable {
  let nanoohms: [Int128]
  /// Samples in a second.
  let rate: Int
  /// The control register: the rate's code above zeros.
  let control: UInt8
  /// The register of disabled channels: those that the chip has not.
  let disabled: UInt8
  /// The register of directions: all or none.
  let directions: UInt8

  /// Rates, by code (register 0x01).
  static let rates = [1024, 256, 64, 8]
  /// The time of a refresh (register 0x00), 1 ms, and a little.
  static let refreshTime = Duration.microseconds(1050)
  /// The mark of the supply's rise (register 0x20).
  static let powerOn: UInt8 = 0x01

  init(_ options: OptionValues, channels: Int) throws(OptionConflict) {
    let first = try options.requiredNano("shunt-1")
    nanoohms = (1...channels).map { options.quantity("shunt-\($0)")?.nano ?? first }
    let code = try options.step(
      "rate", among: Self.rates.map { (key: "\($0) Hz", value: Int128($0) * 1_000_000_000) })
    rate = Self.rates[code]
    control = UInt8(code) << 6
    disabled = 0xF0 >> UInt8(channels) & 0xF0
    directions = options.flag("bidirectional") == true ? 0xFF : 0x00
  }

  /// What the driver of the chip with some channels is.
  static func specification(channels: Int) -> DriverSpecification {
    let ohms: ClosedRange<Int128> = 10_000...100_000_000_000
    return DriverSpecification(
      name: "pac193\(channels)", revision: 1,
      summary: "Microchip PAC193\(channels): direct voltage, current, power and energy, "
        + "\(channels) times",
      datasheet: "Microchip DS20005850E",
      attachment: .i2c(addresses: (0x10...0x1F).compactMap { I2CAddress($0) }),
      options: (1...channels).map { channel in
        OptionSpecification(
          "shunt-\(channel)", .quantity(.resistance, ohms), channel == 1 ? .required : .optional,
          help: "Resistance of the shunt of channel \(channel)"
            + (channel == 1 ? "" : "; as is, that of channel 1"))
      } + [
        OptionSpecification(
          "rate", .quantity(.frequency, 8_000_000_000...1_024_000_000_000), .standard("1024 Hz"),
          help: "Samples in a second: " + rates.map { "\($0) Hz" }.joined(separator: ", ")),
        OptionSpecification(
          "bidirectional", .flag, .standard("no"),
          help: "Whether currents and voltages can turn; without it they read as zero then"),
      ],
      channels: (1...channels).flatMap { channel in
        [
          ChannelSpecification(
            "voltage-\(channel)", .volt, resolution: 488_281,
            range: -32_000_000_000...32_000_000_000,
            help: "Voltage of bus \(channel) against ground"),
          ChannelSpecification(
            "current-\(channel)", .ampere, resolution: 0, help: "Current through shunt \(channel)"),
          ChannelSpecification(
            "power-\(channel)", .watt, resolution: 0,
            help: "Power on bus \(channel), the average since the measurement before"),
          ChannelSpecification(
            "energy-\(channel)", .joule, resolution: 0,
            help: "Energy on bus \(channel) since the measurement before"),
        ]
      },
      rawLayout: [
        RawString(
          "registers 0x1c, 0x1d, 0x20 to 0x26, 0xfd to 0xff: settings as written, in effect and "
            + "of the totals, identities", bytes: 12),
        RawString("registers 0x02 to 0x06, number of samples and totals", bytes: 3 + 6 * channels),
        RawString("registers 0x0f to 0x16, averages", bytes: 4 * channels),
      ],
      stimuli: [])
  }
}
