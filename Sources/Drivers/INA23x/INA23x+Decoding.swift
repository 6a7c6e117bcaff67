import Quantities

extension INA23xSettings {
  /// What the registers of a measurement mean.
  ///
  /// Formula (section 8.1.2): voltages are steps, current is a step of shunt voltage over the
  /// shunt, power is a fifth of that in watt (INA228: 16/5), energy 256/5 in joule, charge one in
  /// coulomb; in whole numbers, rounded to billionths, halves away from zero.
  ///
  /// A register at an end of its range has no value, and neither has what the chip computes from
  /// it. The overflow flags take the values that they are about.
  func measurement(_ raw: [[UInt8]], flags: UInt16, isWide: Bool) -> Measurement {
    let inside: Range<Int128> = isWide ? -0x7FFFF..<0x7FFFF : -0x7FFF..<0x7FFF
    func steps(_ index: Int) -> Int128 {
      // The INA228 has 20 bits above four that are zero.
      isWide
        ? Int128((raw[index].triple(at: 0) >> 4).signed(bits: 20))
        : Int128(Int16(bitPattern: raw[index].word(at: 0)))
    }
    // 10^-15 V over 10^-9 ohm is 1000 billionths of an ampere.
    let step = shuntStep(isWide: isWide)
    func scaled(_ count: Int128, fifths: Int128) -> Int128 {
      (count * fifths * step * 1000).roundedQuotient(by: nanoohms * 5)
    }

    let bus = steps(2)
    let shunt = steps(1)
    let beyond = inside.contains(shunt) ? nil : "shunt voltage is beyond the range"
    let cause =
      beyond
      ?? (flags & INA23xDiagnosis.overflow != 0 ? "arithmetic overflow flag is set" : nil)
    var builder = MeasurementBuilder()
    // 195312.5 nV or 3125000 nV a step.
    builder.add(
      "voltage", (bus * (isWide ? 390_625 : 6_250_000)).roundedQuotient(by: 2), .volt,
      fault: inside.contains(bus) ? nil : "bus voltage is beyond the range")
    builder.add(
      "shunt-voltage", (shunt * step).roundedQuotient(by: 1_000_000), .volt, fault: beyond)
    builder.add("current", scaled(steps(4), fifths: 5), .ampere, fault: cause)
    builder.add(
      "power", scaled(Int128(raw[5].triple(at: 0)), fifths: isWide ? 16 : 1), .watt, fault: cause)
    // 16 bits of 7.8125 mK, or 12 above four that are zero of 125 mK.
    let temperature = Int128(Int16(bitPattern: raw[3].word(at: 0)))
    builder.add(
      "temperature", isWide ? temperature * 7_812_500 : (temperature >> 4) * 125_000_000, .celsius)
    if isWide {
      builder.add(
        "energy", scaled(Int128(raw[6].number), fifths: 256), .joule,
        fault: flags & INA23xDiagnosis.energyOverflow != 0 ? "energy register overflowed" : nil)
      builder.add(
        "charge", scaled(Int128(raw[7].number.signed(bits: 40)), fifths: 5), .coulomb,
        fault: flags & INA23xDiagnosis.chargeOverflow != 0 ? "charge register overflowed" : nil)
    }
    return builder.measurement
  }
}
