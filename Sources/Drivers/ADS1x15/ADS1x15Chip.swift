/// A chip that `ADS1x15` drives.
public protocol ADS1x15Chip: Sendable {
  /// What its driver is.
  static var specification: DriverSpecification { get }
  /// Conversions per second, by code.
  static var rates: [Int] { get }
  /// The highest code, of which all bits but the first are ones that the chip has.
  static var highest: Int16 { get }
}

/// The ADS1015.
public enum ADS1015Chip: ADS1x15Chip {
  /// What its driver is.
  public static let specification = ADS1x15Coding.specification(
    "ads1015", "12 bits", "SBAS473F", rates: rates, rate: "1600 Hz")
  /// Conversions per second, by code; the last code repeats the rate before it.
  public static let rates = [128, 250, 490, 920, 1600, 2400, 3300]
  /// The highest code, left-aligned.
  public static let highest: Int16 = 0x7FF0
}

/// The ADS1115.
public enum ADS1115Chip: ADS1x15Chip {
  /// What its driver is.
  public static let specification = ADS1x15Coding.specification(
    "ads1115", "16 bits", "SBAS444E", rates: rates, rate: "128 Hz")
  /// Conversions per second, by code.
  public static let rates = [8, 16, 32, 64, 128, 250, 475, 860]
  /// The highest code.
  public static let highest: Int16 = 0x7FFF
}

/// Texas Instruments ADS1015.
public typealias ADS1015 = ADS1x15<ADS1015Chip>
/// Texas Instruments ADS1115.
public typealias ADS1115 = ADS1x15<ADS1115Chip>
