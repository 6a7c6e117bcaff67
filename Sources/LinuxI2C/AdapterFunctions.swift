/// What an I2C adapter says it can do: the `I2C_FUNC_` bits of the kernel's linux/i2c.h.
struct AdapterFunctions: OptionSet, Hashable, Sendable {
  let rawValue: UInt64

  /// Plain exchanges of any length.
  static let i2c = AdapterFunctions(rawValue: 0x0000_0001)
  /// Addressing a device without data.
  static let smbusQuick = AdapterFunctions(rawValue: 0x0001_0000)
  /// Reading one byte.
  static let smbusReadByte = AdapterFunctions(rawValue: 0x0002_0000)
  /// Writing one byte.
  static let smbusWriteByte = AdapterFunctions(rawValue: 0x0004_0000)
  /// Reading one byte after writing one.
  static let smbusReadByteData = AdapterFunctions(rawValue: 0x0008_0000)
  /// Writing two bytes.
  static let smbusWriteByteData = AdapterFunctions(rawValue: 0x0010_0000)
  /// Reading two bytes after writing one.
  static let smbusReadWordData = AdapterFunctions(rawValue: 0x0020_0000)
  /// Writing three bytes.
  static let smbusWriteWordData = AdapterFunctions(rawValue: 0x0040_0000)
  /// Reading up to 32 bytes after writing one.
  static let smbusReadI2CBlock = AdapterFunctions(rawValue: 0x0400_0000)
  /// Writing one byte and up to 32 more.
  static let smbusWriteI2CBlock = AdapterFunctions(rawValue: 0x0800_0000)
}
