/// The cyclic redundancy check with Castagnoli's polynomial.
///
/// Source: RFC 3720 section 12.1 (iSCSI); reflected polynomial 0x82F63B78.
struct CRC32C {
  private static let table: [UInt32] = (0..<256).map { index in
    var value = UInt32(index)
    for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
    return value
  }

  private var state: UInt32 = 0xFFFF_FFFF

  mutating func update(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      state = Self.table[Int((state ^ UInt32(byte)) & 0xFF)] ^ state >> 8
    }
  }

  var value: UInt32 { ~state }
}
