/// How values of one unit become values of another unit of the same kind.
///
/// One multiplication and one division by whole numbers, and for temperatures and levels a step
/// between their zeros, so that a value has the same bits on every machine.
public struct UnitConversion: Hashable, Sendable {
  private let factor: Double
  private let divisor: Double
  private let zero: Double
  private let newZero: Double

  fileprivate init(_ from: UnitScale, to other: UnitScale) {
    let (above, below) = (
      from.numerator * other.denominator, from.denominator * other.numerator
    )
    let common = Self.commonDivisor(above, below)
    factor = Double(above / common)
    divisor = Double(below / common)
    zero = from.zero
    newZero = other.zero
  }

  /// A value in the other unit.
  public func value(_ value: Double) -> Double {
    (value - zero) * factor / divisor + newZero
  }

  /// A difference of two values, in steps of the other unit: 5 Cel are 5 K.
  public func difference(_ difference: Double) -> Double { difference * factor / divisor }

  private static func commonDivisor(_ first: Int64, _ second: Int64) -> Int64 {
    var (first, second) = (first, second)
    while second != 0 { (first, second) = (second, first % second) }
    return first
  }
}

extension Unit {
  /// How values of this unit become values of another.
  ///
  /// Nil where the two are of different kinds, or one is not known. Every unit becomes itself.
  public func conversion(to other: Unit) -> UnitConversion? {
    if self == other, !code.isEmpty {
      let scale = UnitScale(kind: 0, numerator: 1, denominator: 1, zero: 0)
      return UnitConversion(scale, to: scale)
    }
    guard let own = UnitScale.all[code], let scale = UnitScale.all[other.code],
      own.kind == scale.kind
    else { return nil }
    return UnitConversion(own, to: scale)
  }

  /// The other units into which values of this one can be converted, in the registry's order.
  public var relatives: [Unit] {
    Self.registry.filter { $0 != code }.map { Unit(code: $0) }
      .filter { conversion(to: $0) != nil }
  }
}

/// What one of a unit is in the first unit of its kind, and where its zero lies.
private struct UnitScale: Sendable {
  let kind: Int
  let numerator: Int64
  let denominator: Int64
  /// What the unit shows where the first unit of its kind shows 0.
  let zero: Double

  static let all: [String: UnitScale] = {
    var scales: [String: UnitScale] = [:]
    for (kind, units) in kinds.enumerated() {
      for (code, numerator, denominator) in units {
        scales[code] = UnitScale(
          kind: kind, numerator: numerator, denominator: denominator, zero: zeros[code] ?? 0)
      }
    }
    return scales
  }()

  private static let zeros = ["K": 273.15, "dBm": 30]

  /// The kinds of units, as parts of whole numbers of the first.
  ///
  /// Degrees and radians are not among them, as their ratio is no fraction.
  ///
  /// Source: RFC 8798 section 3, column "scale".
  private static let kinds: [[(String, Int64, Int64)]] = [
    [("m", 1, 1), ("mm", 1, 1000), ("cm", 1, 100), ("km", 1000, 1)],
    [("s", 1, 1), ("ms", 1, 1000), ("min", 60, 1), ("h", 3600, 1)],
    [("Pa", 1, 1), ("hPa", 100, 1)],
    [("W", 1, 1), ("kW", 1000, 1)],
    [("VA", 1, 1), ("kVA", 1000, 1)],
    [("var", 1, 1), ("kvar", 1000, 1)],
    [("J", 1, 1), ("Wh", 3600, 1), ("kWh", 3_600_000, 1)],
    [("VAs", 1, 1), ("kVAh", 3_600_000, 1)],
    [("vars", 1, 1), ("varh", 3600, 1), ("kvarh", 3_600_000, 1)],
    [("V", 1, 1), ("mV", 1, 1000)],
    [("A", 1, 1), ("mA", 1, 1000)],
    [("C", 1, 1), ("Ah", 3600, 1)],
    [("Hz", 1, 1), ("MHz", 1_000_000, 1)],
    [("1/s", 1, 1), ("1/min", 1, 60)],
    [("Cel", 1, 1), ("K", 1, 1)],
    [("m/s", 1, 1), ("km/h", 5, 18), ("m/h", 1, 3600), ("mm/h", 1, 3_600_000)],
    [("kg/m3", 1, 1), ("ug/m3", 1, 1_000_000_000)],
    [("/", 1, 1), ("%", 1, 100), ("/100", 1, 100), ("/1000", 1, 1000), ("ppm", 1, 1_000_000)],
    [("EL", 1, 1), ("%EL", 1, 100)],
    [("bit", 1, 1), ("B", 8, 1), ("KiB", 8192, 1), ("GB", 8_000_000_000, 1)],
    [("bit/s", 1, 1), ("B/s", 8, 1), ("Mbit/s", 1_000_000, 1), ("MB/s", 8_000_000, 1)],
    [("J/m", 1, 1), ("Wh/km", 18, 5)],
    [("dBW", 1, 1), ("dBm", 1, 1)],
  ]
}
