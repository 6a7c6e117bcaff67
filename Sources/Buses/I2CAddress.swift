/// The 7-bit address of a device on an I2C bus, right-aligned: 0x76, not 0xEC.
///
/// Range: 0x08 to 0x77. The other addresses are reserved (NXP UM10204 section 3.1.12).
public struct I2CAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The address, right-aligned.
  public let rawValue: UInt8

  /// The addresses that a device may have.
  public static let usable: ClosedRange<UInt8> = 0x08...0x77

  /// An address, or nil where the number is reserved or too large.
  public init?(_ rawValue: Int) {
    guard let byte = UInt8(exactly: rawValue), Self.usable.contains(byte) else { return nil }
    self.rawValue = byte
  }

  /// Whether one address is below another.
  public static func < (left: I2CAddress, right: I2CAddress) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The address as it stands in data sheets, for example `0x76`.
  public var description: String {
    let digits = String(rawValue, radix: 16)
    return "0x" + (digits.count < 2 ? "0" + digits : digits)
  }
}
