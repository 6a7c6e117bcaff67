/// A unit of measurement, named by its code in the SenML units registry.
///
/// Source: IANA "SenML Units" registry (RFC 8428 section 12.1). Primary units are used wherever a
/// billionth of them is fine enough; the exceptions are secondary units (RFC 8798).
public struct Unit: Hashable, Sendable, CustomStringConvertible {
  /// The registry's code, for example `Cel`.
  public let code: String

  /// The unit with a registry code; the caller answers for the code being registered.
  public init(code: String) {
    self.code = code
  }

  /// The registry's code.
  public var description: String { code }

  /// Degrees Celsius.
  public static let celsius = Unit(code: "Cel")
  /// Relative humidity in percent.
  public static let relativeHumidity = Unit(code: "%RH")
  /// Pascal.
  public static let pascal = Unit(code: "Pa")
  /// Hectopascal, a secondary unit.
  public static let hectopascal = Unit(code: "hPa")
  /// Volt.
  public static let volt = Unit(code: "V")
  /// Ampere.
  public static let ampere = Unit(code: "A")
  /// Watt.
  public static let watt = Unit(code: "W")
  /// Volt-ampere (apparent power).
  public static let voltAmpere = Unit(code: "VA")
  /// Volt-ampere reactive.
  public static let voltAmpereReactive = Unit(code: "var")
  /// Joule.
  public static let joule = Unit(code: "J")
  /// Watt-hour, a secondary unit.
  public static let wattHour = Unit(code: "Wh")
  /// Coulomb.
  public static let coulomb = Unit(code: "C")
  /// Hertz.
  public static let hertz = Unit(code: "Hz")
  /// Ohm.
  public static let ohm = Unit(code: "Ohm")
  /// Lux.
  public static let lux = Unit(code: "lx")
  /// Micrograms per cubic metre, a secondary unit.
  public static let microgramPerCubicMetre = Unit(code: "ug/m3")
  /// Parts per million, a secondary unit.
  public static let partsPerMillion = Unit(code: "ppm")
  /// A dimensionless ratio, 1 being the whole.
  public static let ratio = Unit(code: "/")
  /// A count of things since a start.
  public static let count = Unit(code: "count")
  /// Second.
  public static let second = Unit(code: "s")
  /// Metre.
  public static let metre = Unit(code: "m")
  /// Metres per second.
  public static let metrePerSecond = Unit(code: "m/s")
  /// Degrees of angle, a secondary unit.
  public static let degreesOfArc = Unit(code: "deg")
  /// Kelvin.
  public static let kelvin = Unit(code: "K")
  /// Degrees of angle, for latitude.
  public static let degreesLatitude = Unit(code: "lat")
  /// Degrees of angle, for longitude.
  public static let degreesLongitude = Unit(code: "lon")
}
