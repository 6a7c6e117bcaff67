/// One exchange with one device, as it happened.
public struct BusExchange: Hashable, Sendable {
  /// How an exchange ended.
  public enum Outcome: Hashable, Sendable {
    /// The device took what was written and sent these bytes.
    case bytes([UInt8])
    /// It failed; so many bytes were to be read.
    case failure(I2CFailure.Kind, readCount: Int)
  }

  /// The device.
  public let address: I2CAddress
  /// What was written.
  public let written: [UInt8]
  /// How it ended.
  public let outcome: Outcome

  /// An exchange with a device.
  public init(address: I2CAddress, written: [UInt8], outcome: Outcome) {
    self.address = address
    self.written = written
    self.outcome = outcome
  }

  /// How many bytes were read, or were to be read.
  public var readCount: Int {
    switch outcome {
    case .bytes(let bytes): bytes.count
    case .failure(_, let count): count
    }
  }
}

/// A bus that notes every exchange on another one.
public struct RecordingI2CBus<Base: I2CBus & ~Copyable>: I2CBus, ~Copyable {
  private var base: Base
  private var noted: [BusExchange] = []

  /// Takes a bus over.
  public init(_ base: consuming Base) {
    self.base = base
  }

  /// The exchanges since this was last asked.
  public mutating func takeExchanges() -> [BusExchange] {
    defer { noted = [] }
    return noted
  }

  /// Makes one exchange on the bus, and notes it.
  @_lifetime(buffer: copy buffer)
  public mutating func transfer(
    to address: I2CAddress, writing bytes: Span<UInt8>, reading buffer: inout MutableSpan<UInt8>
  ) throws(I2CFailure) {
    let written = bytes.indices.map { bytes[$0] }
    do {
      try base.transfer(to: address, writing: bytes, reading: &buffer)
    } catch {
      noted.append(
        BusExchange(
          address: address, written: written,
          outcome: .failure(error.kind, readCount: buffer.count)))
      throw error
    }
    let answer = buffer.indices.map { buffer[$0] }
    noted.append(BusExchange(address: address, written: written, outcome: .bytes(answer)))
  }
}
