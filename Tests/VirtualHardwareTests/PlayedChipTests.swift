import Buses
import Testing
import VirtualHardware

@Suite struct PlayedChipTests {
  static let address = I2CAddress(0x44)

  static func bus() throws -> VirtualI2CBus {
    let address = try #require(Self.address)
    func exchange(_ written: [UInt8], _ outcome: BusExchange.Outcome) -> BusExchange {
      BusExchange(address: address, written: written, outcome: outcome)
    }
    var bus = VirtualI2CBus(now: { 0 })
    bus.attach(
      PlayedChip([
        exchange([0xFD], .bytes([])), exchange([], .bytes([1, 2, 3])),
        exchange([0xFD], .bytes([])), exchange([], .bytes([4, 5, 6])),
        exchange([0xFD], .bytes([])),
        exchange([], .failure(.noAcknowledgeOfAddress, readCount: 3)),
        exchange([0xD0], .bytes([0x60])),
      ]), at: address)
    return bus
  }

  @Test func `answers come in their order, failures too, and then from the first again`() throws {
    let address = try #require(Self.address)
    var bus = try Self.bus()
    for expected in [[1, 2, 3], [4, 5, 6], nil, [1, 2, 3]] as [[UInt8]?] {
      try bus.write([0xFD], to: address)
      if let expected {
        #expect(try bus.read(3, from: address) == expected)
      } else {
        #expect(throws: I2CFailure.self) { try bus.read(3, from: address) }
      }
    }
    #expect(try bus.read(1, after: [0xD0], from: address) == [0x60])
  }

  @Test func `what was never recorded is not acknowledged`() throws {
    let address = try #require(Self.address)
    var bus = try Self.bus()
    #expect(throws: I2CFailure(.noAcknowledgeOfData)) { try bus.write([0xFE], to: address) }
    #expect(throws: I2CFailure(.noAcknowledgeOfAddress)) {
      try bus.read(2, after: [0xD0], from: address)
    }
  }

  @Test func `a checksum can be made wrong, and a dip begins anew`() throws {
    let address = try #require(Self.address)
    var bus = try Self.bus()
    bus.inject(.corruptsChecksum, into: address)
    #expect(try bus.read(3, from: address) == [1, 2, 0xFC])
    bus.inject(nil, into: address)
    bus.brownOut(address)
    #expect(try bus.read(3, from: address) == [1, 2, 3])
  }
}
