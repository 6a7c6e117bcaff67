/// A kind of quantity that a board file may ask for, with the unit symbols that users write.
public enum Dimension: String, Sendable, CaseIterable {
  case duration, frequency, resistance, voltage, current, power, energy, length, percentage
  case dataSize = "data size"

  /// The unit in which a parsed quantity of this dimension is counted.
  public var unit: Unit {
    switch self {
    case .duration: .second
    case .frequency: .hertz
    case .resistance: .ohm
    case .voltage: .volt
    case .current: .ampere
    case .power: .watt
    case .energy: .joule
    case .length: .metre
    case .percentage: Unit(code: "%")
    case .dataSize: Unit(code: "B")
    }
  }

  /// The symbols that may follow a number, each with its worth in billionths of `unit`.
  public var symbols: [(symbol: String, nano: Int128)] {
    let one: Int128 = 1_000_000_000
    return switch self {
    case .duration:
      [
        ("s", one), ("ms", one / 1000), ("us", 1000), ("ns", 1), ("min", 60 * one),
        ("h", 3600 * one), ("d", 86_400 * one),
      ]
    case .frequency:
      [("Hz", one), ("kHz", 1000 * one), ("MHz", 1_000_000 * one), ("mHz", one / 1000)]
    case .resistance:
      [
        ("ohm", one), ("Ohm", one), ("Ω", one), ("mohm", one / 1000), ("mOhm", one / 1000),
        ("mΩ", one / 1000), ("uohm", 1000), ("kohm", 1000 * one), ("kOhm", 1000 * one),
        ("kΩ", 1000 * one),
      ]
    case .voltage: [("V", one), ("mV", one / 1000), ("uV", 1000), ("kV", 1000 * one)]
    case .current: [("A", one), ("mA", one / 1000), ("uA", 1000), ("kA", 1000 * one)]
    case .power: [("W", one), ("mW", one / 1000), ("kW", 1000 * one), ("MW", 1_000_000 * one)]
    case .energy:
      [
        ("J", one), ("kJ", 1000 * one), ("MJ", 1_000_000 * one), ("Wh", 3600 * one),
        ("kWh", 3_600_000 * one), ("MWh", 3_600_000_000 * one),
      ]
    case .length: [("m", one), ("mm", one / 1000), ("cm", one / 100), ("km", 1000 * one)]
    case .percentage: [("%", one)]
    case .dataSize:
      [
        ("B", one), ("kB", 1000 * one), ("MB", 1_000_000 * one), ("GB", 1_000_000_000 * one),
        ("KiB", 1024 * one), ("MiB", 1_048_576 * one), ("GiB", 1_073_741_824 * one),
      ]
    }
  }

  /// A quantity as a user would write one, to show in an error, for example `10 s`.
  public var example: String {
    switch self {
    case .duration: "10 s"
    case .frequency: "50 Hz"
    case .resistance: "0.1 ohm"
    case .voltage: "230 V"
    case .current: "5 A"
    case .power: "100 W"
    case .energy: "1 Wh"
    case .length: "298 m"
    case .percentage: "10 %"
    case .dataSize: "64 MB"
    }
  }
}
