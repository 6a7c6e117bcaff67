import Buses
import Configuration
import Quantities

extension INA226 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "ina226", revision: 1,
    summary: "Texas Instruments INA226: direct voltage, current and power",
    datasheet: "Texas Instruments SBOS547A",
    attachment: .i2c(addresses: (0x40...0x4F).compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "shunt", .quantity(.resistance, 10_000...100_000_000_000), .required,
        help: "Resistance of the shunt"),
      OptionSpecification(
        "max-current", .quantity(.current, 100_000...10_000_000_000_000), .optional,
        help: "Largest current to expect; smaller makes finer steps; as is, all the shunt allows"),
    ] + Sampling.options,
    channels: [
      ChannelSpecification(
        "voltage", .volt, resolution: 1_250_000, range: 0...36_000_000_000,
        help: "Voltage of the bus against ground"),
      ChannelSpecification(
        "shunt-voltage", .volt, resolution: 2500, range: -81_920_000...81_920_000,
        help: "Voltage across the shunt"),
      ChannelSpecification(
        "current", .ampere, resolution: 0, help: "Current through the shunt, signed"),
      ChannelSpecification(
        "power", .watt, resolution: 0, help: "Power on the bus, without a sign"),
    ],
    rawLayout: [
      RawString("register 0x01, shunt voltage", bytes: 2),
      RawString("register 0x02, bus voltage", bytes: 2),
      RawString("register 0x03, power", bytes: 2), RawString("register 0x04, current", bytes: 2),
      RawString("register 0x06, flags", bytes: 2),
    ],
    stimuli: ["voltage", "current"])

  private static let conversionTimeWords = conversionTimes.map { time in
    time.nominal < 1000
      ? "\(time.nominal) us"
      : Quantity(nano: Int128(time.nominal) * 1_000_000, unit: .second).decimalText + " ms"
  }.joined(separator: ", ")

  /// The sampling options as the configuration register wants them.
  struct Sampling: Hashable, Sendable {
    /// The configuration register with the chip at rest (section 7.6.1).
    let configuration: UInt16
    /// The longest time of a measurement.
    let conversionTime: Duration

    /// The keys of the sampling options.
    static let options = [
      OptionSpecification(
        "averaging", .choice(averages.map { String($0) }), .standard("16"),
        help: "Samples averaged into one measurement"),
      OptionSpecification(
        "bus-conversion-time", .quantity(.duration, 140_000...8_244_000), .standard("1.1 ms"),
        help: "Time of one sample of the voltage: \(conversionTimeWords)"),
      OptionSpecification(
        "shunt-conversion-time", .quantity(.duration, 140_000...8_244_000), .standard("1.1 ms"),
        help: "Time of one sample of the current: \(conversionTimeWords)"),
    ]

    init(_ options: OptionValues) throws(OptionConflict) {
      let averaging = try options.code("averaging", among: averages.map { String($0) })
      let bus = try Self.code("bus-conversion-time", options)
      let shunt = try Self.code("shunt-conversion-time", options)
      configuration =
        Configuration.fixed | UInt16(averaging) << 9 | UInt16(bus) << 6 | UInt16(shunt) << 3
      let sample = conversionTimes[bus].longest + conversionTimes[shunt].longest
      conversionTime = .microseconds(averages[averaging] * sample)
    }

    private static func code(
      _ name: String, _ options: OptionValues
    ) throws(OptionConflict) -> Int {
      let nano = try options.requiredNano(name)
      guard let code = conversionTimes.firstIndex(where: { Int128($0.nominal) * 1000 == nano })
      else {
        throw OptionConflict(
          option: name, "'\(name)' is not a time that the chip has",
          remedy: "write one of \(conversionTimeWords)")
      }
      return code
    }
  }
}
