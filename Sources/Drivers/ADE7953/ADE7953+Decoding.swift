import Buses
import Configuration
import Quantities

extension ADE7953 {
  /// What the registers mean.
  ///
  /// Formula: voltage and current are codes over `codes-per-volt` and `codes-per-ampere`. A power's
  /// code is the product of both codes over 2^24, as by the full-scale codes 9032007 and 4862401
  /// (pages 23 and 26). An energy's code counts power at 206900 a second where the power's code is
  /// 4862401 (page 25). Power factors have 15 fractional bits, and the period counts 223750 a
  /// second, less one (page 36). All rounded to billionths, halves away from zero.
  ///
  /// Without zero crossings there is no frequency; a register of energy that overflowed has no
  /// value, nor has a mean square at the end of its range.
  ///
  /// Throws `malformed` where the number of bytes is wrong.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    var builder = MeasurementBuilder()
    let flags = [raw[0].number, raw[1].number]
    let period = Int128(raw[2].number)
    builder.add(
      "frequency", (223_750 * 1_000_000_000 as Int128).roundedQuotient(by: period + 1), .hertz,
      fault: period == 0 || flags[0] & Flags.noCrossing != 0
        ? "there are no zero crossings" : nil)
    let voltage = raw[3].number
    builder.add(
      "voltage", (Int128(voltage) * Self.tera).roundedQuotient(by: settings.perVolt), .volt,
      fault: voltage == 0xFFFFFF ? "voltage is beyond the range" : nil)
    for (index, letter) in ["a", "b"].enumerated() {
      let words = raw[(4 + 6 * index)..<(10 + 6 * index)].map(\.number)
      let perAmpere = settings.perAmpere[index]
      builder.add(
        "current-" + letter, (Int128(words[0]) * Self.tera).roundedQuotient(by: perAmpere), .ampere,
        fault: words[0] == 0xFFFFFF ? "current is beyond the range" : nil)
      // Thousandths in both divisors, billionths in the result.
      func scaled(_ word: UInt64) -> Int128 {
        Int128(word.signed(bits: 24)) * (1 << 24) * 1000 * Self.tera
      }
      let watt = settings.perVolt * perAmpere
      builder.add("power-" + letter, scaled(words[1]).roundedQuotient(by: watt), .watt)
      builder.add(
        "reactive-power-" + letter, scaled(words[2]).roundedQuotient(by: watt),
        .voltAmpereReactive)
      builder.add(
        "apparent-power-" + letter, scaled(words[3]).roundedQuotient(by: watt), .voltAmpere)
      builder.add(
        "power-factor-" + letter,
        (Int128(words[4].signed(bits: 16)) * 1_000_000_000).roundedQuotient(by: 32_768), .ratio)
      builder.add(
        "energy-" + letter,
        (scaled(words[5]) * 4_862_401).roundedQuotient(by: watt * 206_900), .joule,
        fault: flags[index] & Flags.energyOverflow != 0 ? "energy register overflowed" : nil)
    }
    return builder.measurement
  }

  /// Billionths of a code, over thousandths of codes in a unit.
  private static let tera: Int128 = 1_000_000_000_000
}

extension ADE7953 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "ade7953", revision: 1,
    summary: "Analog Devices ADE7953: alternating voltage, two currents, powers and energies",
    datasheet: "Analog Devices ADE7953 Rev. C",
    attachment: .i2c(addresses: [0x38].compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "codes-per-volt", .number(Settings.scales), .required,
        help: "Codes of the voltage register that are 1 V on this board, for example 26000"),
      OptionSpecification(
        "codes-per-ampere", .number(Settings.scales), .required,
        help: "Codes of the current registers that are 1 A on this board, for example 100000"),
      OptionSpecification(
        "codes-per-ampere-b", .number(Settings.scales), .optional,
        help: "The same for current B; as is, that of current A"),
      OptionSpecification(
        "gain-voltage", .choice(Array(Settings.gainWords.prefix(5))), .standard("1"),
        help: "Amplification of the voltage"),
      OptionSpecification(
        "gain-a", .choice(Settings.gainWords), .standard("1"), help: "Amplification of current A"),
      OptionSpecification(
        "gain-b", .choice(Settings.gainWords), .standard("1"), help: "Amplification of current B"),
    ],
    channels: [
      ChannelSpecification(
        "frequency", .hertz, resolution: 0, help: "Frequency of the voltage"),
      ChannelSpecification(
        "voltage", .volt, resolution: 0, help: "Voltage, root of the mean square"),
    ]
      + ["a", "b"].flatMap { letter in
        let name = letter.uppercased()
        return [
          ChannelSpecification(
            "current-" + letter, .ampere, resolution: 0,
            help: "Current \(name), root of the mean square"),
          ChannelSpecification(
            "power-" + letter, .watt, resolution: 0, help: "Active power of current \(name)"),
          ChannelSpecification(
            "reactive-power-" + letter, .voltAmpereReactive, resolution: 0,
            help: "Reactive power of current \(name)"),
          ChannelSpecification(
            "apparent-power-" + letter, .voltAmpere, resolution: 0,
            help: "Apparent power of current \(name)"),
          ChannelSpecification(
            "power-factor-" + letter, .ratio, resolution: 30_518,
            range: -1_000_000_000...1_000_000_000, help: "Power factor of current \(name), signed"),
          ChannelSpecification(
            "energy-" + letter, .joule, resolution: 0,
            help: "Active energy of current \(name) since the measurement before"),
        ]
      },
    rawLayout: Register.results.map { RawString($0.description, bytes: $0.count) },
    stimuli: [])
}
