import Quantities

extension ADS1x15 {
  /// What conversions mean: parts of 32768 of the range that the configuration register names
  /// (sections 9.5.3 and 9.6.3), rounded to billionths of a volt, halves away from zero.
  ///
  /// The highest and the lowest code have no value, for the voltage may be anything beyond; of
  /// several samples, one such code takes the values of all channels.
  ///
  /// Throws `malformed` where the number of bytes is wrong, or where a configuration register
  /// names another input than the options.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLengths([2 * settings.count, 2 * (samples ?? settings.count)], of: raw)
    var builder = MeasurementBuilder()
    for (index, (input, setting)) in zip(inputs, settings).enumerated() {
      let register = raw[0].word(at: 2 * index)
      guard (register ^ setting) & ADS1x15Coding.input == 0 else {
        throw .malformed(
          "configuration register \(register.hexadecimal) is of another input than \(input)")
      }
      // Three codes mean the smallest range.
      let range = min(Int(register >> 9 & 7), ADS1x15Coding.ranges.count - 1)
      let full = ADS1x15Coding.ranges[range].value
      guard samples != nil else {
        let word = raw[1].word(at: 2 * index)
        builder.add(
          "voltage-\(input)", Self.part(Int16(bitPattern: word), of: full), .volt,
          fault: Self.fault(word))
        continue
      }
      add(raw[1], of: input, full, to: &builder)
    }
    return builder.measurement
  }

  /// Adds what several conversions of an input have in common.
  private func add(
    _ bytes: [UInt8], of input: String, _ full: Int128, to builder: inout MeasurementBuilder
  ) {
    let words = stride(from: 0, to: bytes.count, by: 2).map { bytes.word(at: $0) }
    let codes = words.map { Int16(bitPattern: $0) }
    let cause = words.lazy.compactMap(Self.fault).first
    let count = Int128(codes.count)
    let sum = codes.reduce(Int128(0)) { $0 + Int128($1) }
    let squares = codes.reduce(Int128(0)) { $0 + Int128($1) * Int128($1) }
    builder.add(
      "voltage-\(input)", (sum * full).roundedQuotient(by: 32768 * count), .volt, fault: cause)
    // The variance of the codes is (count * squares - sum^2) / count^2. Its root is in the unit
    // after a division, whose halves round up where twice the root is there.
    let divisor = 32768 * count
    let variance = (count * squares - sum * sum) * full * full
    builder.add(
      "rms-voltage", ((4 * variance).wholeRoot + divisor) / (2 * divisor), .volt, fault: cause)
    builder.add(
      "minimum-voltage", Self.part(codes.min() ?? 0, of: full), .volt, fault: cause)
    builder.add(
      "maximum-voltage", Self.part(codes.max() ?? 0, of: full), .volt, fault: cause)
  }

  private static func part(_ code: Int16, of full: Int128) -> Int128 {
    (Int128(code) * full).roundedQuotient(by: 32768)
  }

  /// Why a conversion has no value.
  private static func fault(_ word: UInt16) -> String? {
    let code = Int16(bitPattern: word)
    if code >= Chip.highest || code == .min { return "voltage is beyond the range" }
    if word & ~UInt16(bitPattern: Chip.highest) & 0x7FFF != 0 {
      return "code has more than 12 bits, as from an ADS1115"
    }
    return nil
  }
}
