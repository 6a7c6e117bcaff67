import Buses

/// Registers behind one-byte addresses, the most significant byte first.
extension I2CBus where Self: ~Copyable {
  /// The byte in a register.
  mutating func byte(_ register: UInt8, of address: I2CAddress) throws(DriverFailure) -> UInt8 {
    try receive(1, after: [register], from: address)[0]
  }

  /// The word in a register.
  mutating func word(_ register: UInt8, of address: I2CAddress) throws(DriverFailure) -> UInt16 {
    try receive(2, after: [register], from: address).word(at: 0)
  }

  /// Writes a byte to a register.
  mutating func set(
    _ register: UInt8, to value: UInt8, of address: I2CAddress
  ) throws(DriverFailure) {
    try send([register, value], to: address)
  }

  /// Writes a word to a register.
  mutating func set(
    _ register: UInt8, to value: UInt16, of address: I2CAddress
  ) throws(DriverFailure) {
    try send([register, UInt8(value >> 8), UInt8(value & 0xFF)], to: address)
  }

  /// The bytes of a read that a chip refuses, by its address, while it has no result.
  mutating func result(
    _ count: Int, from address: I2CAddress
  ) throws(DriverFailure) -> [UInt8] {
    do {
      return try read(count, from: address)
    } catch  where error.isRefusalOfAddress {
      throw .notReady
    } catch {
      throw .bus(error)
    }
  }
}
