import Buses

extension I2CBus where Self: ~Copyable {
  /// Writes `bytes`; a failure of the bus becomes the driver's.
  mutating func send(_ bytes: [UInt8], to address: I2CAddress) throws(DriverFailure) {
    do {
      try write(bytes, to: address)
    } catch {
      throw .bus(error)
    }
  }

  /// Reads `count` bytes after writing `bytes`; a failure of the bus becomes the driver's.
  mutating func receive(
    _ count: Int, after bytes: [UInt8], from address: I2CAddress
  ) throws(DriverFailure) -> [UInt8] {
    do {
      return try read(count, after: bytes, from: address)
    } catch {
      throw .bus(error)
    }
  }
}

extension I2CFailure {
  /// Whether the device, or no device, refused its address; some adapters cannot say what was
  /// refused.
  var isRefusalOfAddress: Bool { kind == .noAcknowledgeOfAddress || kind == .noAcknowledge }
}
