import Quantities

extension VEML7700 {
  /// What the light register means with the gain and the integration time of the options.
  ///
  /// A step is 0.0042 lx with gain 2 and 800 ms, and twice that with every halving of either
  /// (84286, resolution table). Above 1000 lx the chip falls behind, which the application note's
  /// polynomial mends: 6.0135e-13 E^4 - 9.3924e-9 E^3 + 8.1488e-5 E^2 + 1.0023 E. So the values
  /// leap by 7 % at 1000 lx. In whole numbers, rounded to 0.0001 lx, halves away from zero.
  ///
  /// The largest count means that much or more, and a mended value above 140 klx is beyond what
  /// the polynomial was made for, so both are faults.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let count = raw[0].littleWord(at: 0)
    let measured = Int128(count) * 42 << Int128(gain.halvings + integration.halvings)
    let value = measured > Self.straight ? Self.mended(measured) : measured
    guard count != .max, value <= Self.largest else {
      return Measurement(
        [], faults: [ChannelFault("illuminance", cause: "illuminance is beyond the range")])
    }
    return Measurement([Reading("illuminance", nano: value * 100_000, .lux)])
  }

  /// 1000 lx in 0.0001 lx.
  private static let straight: Int128 = 10_000_000
  /// 140 klx in 0.0001 lx.
  private static let largest: Int128 = 1_400_000_000

  /// The polynomial, of and in 0.0001 lx.
  private static func mended(_ light: Int128) -> Int128 {
    // Units of 10^-21, 10^-25 and 10^-29; exact up to here.
    let cubic = 60_135 * light - 9_392_400_000_000
    let square = cubic * light + 814_880_000_000_000_000_000
    let linear = square * light + 100_230_000_000_000_000_000_000_000_000
    // 10^-25 and the unit of the light make 10^-29, of which 10^25 are 0.0001 lx. The four digits
    // that are dropped before would not fit and are worth less than 10^-19 lx.
    return (linear.roundedQuotient(by: 10_000) * light).roundedQuotient(
      by: 10_000_000_000_000_000_000_000_000)
  }
}
