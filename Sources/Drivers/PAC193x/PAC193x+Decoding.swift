import Quantities

extension PAC193xSettings {
  /// What the registers mean.
  ///
  /// Formula (sections 4.3 to 4.7): voltage is a part of 32 V, voltage across the shunt one of 100
  /// mV, of 2^16, or 2^15 where a direction can turn; a power is a part of 3.2 V^2 over the shunt,
  /// of 2^28 or 2^27; the average power is the total over the number of samples, the energy the
  /// total over the rate. All rounded to billionths, halves away from zero.
  ///
  /// A register at an end of its range has no value, and neither has what is computed from it. A
  /// total that is full, or of no samples, has none either.
  func measurement(_ raw: [[UInt8]]) -> Measurement {
    let channels = nanoohms.count
    let rate = Self.rates[Int(raw[0][6] >> 6)]
    let count = Int128(raw[1].prefix(3).reduce(0) { $0 << 8 | UInt64($1) })
    var builder = MeasurementBuilder()
    for channel in 0..<channels {
      let directions = raw[0][8] << UInt8(channel)
      let turnsCurrent = directions & 0x80 != 0
      let turnsVoltage = directions & 0x08 != 0
      let name = "-\(channel + 1)"
      let ohms = nanoohms[channel]

      let voltage = Code(raw[2].word(at: 2 * channel), turns: turnsVoltage)
      let sense = Code(raw[2].word(at: 2 * (channels + channel)), turns: turnsCurrent)
      let beyondVoltage = voltage.isEnd ? "voltage is beyond the range" : nil
      let beyondSense = sense.isEnd ? "current is beyond the range" : nil
      builder.add(
        "voltage" + name, (voltage.value * 32_000_000_000).roundedQuotient(by: voltage.full),
        .volt, fault: beyondVoltage)
      // 100 mV over 1 nano-ohm are 10^8 A.
      builder.add(
        "current" + name,
        (sense.value * 100_000_000_000_000_000).roundedQuotient(by: sense.full * ohms), .ampere,
        fault: beyondSense)

      let total = raw[1][(3 + 6 * channel)..<(9 + 6 * channel)].reduce(0) { $0 << 8 | UInt64($1) }
      let turns = turnsCurrent || turnsVoltage
      let sum = turns ? Int128(total.signed(bits: 48)) : Int128(total)
      let full: Int128 = turns ? 1 << 27 : 1 << 28
      let cause =
        beyondVoltage ?? beyondSense
        ?? (Self.isFull(total, turns: turns) || count == 0xFFFFFF || raw[0][6] & 1 != 0
          ? "total is full" : count == 0 ? "no samples since the measurement before" : nil)
      // 3.2 V^2 over 1 nano-ohm are 3.2 x 10^9 W.
      let scaled = sum * 3_200_000_000_000_000_000
      builder.add(
        "power" + name, scaled.roundedQuotient(by: full * ohms * count), .watt, fault: cause)
      builder.add(
        "energy" + name, scaled.roundedQuotient(by: full * ohms * Int128(rate)), .joule,
        fault: cause)
    }
    return builder.measurement
  }

  private static func isFull(_ total: UInt64, turns: Bool) -> Bool {
    turns ? total == 0x7FFF_FFFF_FFFF || total == 0x8000_0000_0000 : total == 0xFFFF_FFFF_FFFF
  }

  /// A word of a voltage, with a sign where its direction can turn.
  private struct Code {
    let value: Int128
    let full: Int128
    let isEnd: Bool

    init(_ word: UInt16, turns: Bool) {
      value = turns ? Int128(Int16(bitPattern: word)) : Int128(word)
      full = turns ? 1 << 15 : 1 << 16
      isEnd = turns ? word == 0x7FFF || word == 0x8000 : word == 0xFFFF
    }
  }
}
