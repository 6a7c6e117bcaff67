import Buses
import BusesTesting
import Testing

/// The doubles must catch what drivers do wrong, or the tests above mean nothing.
@Suite struct ScriptedBusTests {
  static func address(_ number: Int = 0x76) throws -> I2CAddress {
    try #require(I2CAddress(number))
  }

  @Test func `a script that is followed leaves nothing to report`() throws {
    let address = try Self.address()
    var bus = ScriptedI2CBus([
      .write([1, 2], to: address), .read([3, 4], after: [5], from: address),
      .read([6], from: address), .write([], to: address),
      .failure(.timeout, writing: [7], reading: 2, at: address),
    ])
    try bus.write([1, 2], to: address)
    #expect(try bus.read(2, after: [5], from: address) == [3, 4])
    #expect(try bus.read(1, from: address) == [6])
    try bus.write([], to: address)
    #expect(throws: I2CFailure(.timeout)) { try bus.read(2, after: [7], from: address) }
    #expect(bus.finish() == [])
    #expect(bus.leftovers.isEmpty)
  }

  @Test func `wrong bytes are shown as a difference of lines where the script stands`() throws {
    let address = try Self.address()
    let line = #line + 2
    var bus = ScriptedI2CBus([
      .write([0xF2, 0x05], to: address)
    ])
    #expect(throws: I2CFailure(.other, detail: "not the scripted exchange")) {
      try bus.write([0xF2, 0x01], to: address)
    }
    let mismatch = try #require(bus.finish().first)
    #expect(
      mismatch.description == """
        exchange 1 of 1 is not the scripted one
          device 0x76
        - write f2 05
        + write f2 01
          read 0
        """)
    #expect(mismatch.location.line == line)
    #expect(mismatch.location.fileID == #fileID)
  }

  @Test func `a wrong address and a wrong number of bytes are mismatches`() throws {
    let address = try Self.address()
    let other = try Self.address(0x77)
    var bus = ScriptedI2CBus([.read([1, 2], after: [9], from: address)])
    #expect(throws: I2CFailure.self) { try bus.read(2, after: [9], from: other) }
    #expect(throws: I2CFailure.self) { try bus.read(3, after: [9], from: address) }
    #expect(bus.finish().count == 2)
    // The script waits where it was.
    #expect(try bus.read(2, after: [9], from: address) == [1, 2])
    #expect(bus.finish().count == 2)
  }

  @Test func `an exchange after the end of the script is a mismatch`() throws {
    var bus = ScriptedI2CBus([])
    #expect(throws: I2CFailure(.other, detail: "the script is over")) {
      try bus.write([1], to: try Self.address())
    }
    #expect(
      bus.finish().map(\.description) == [
        "the script of 0 exchanges is over\n+ device 0x76\n+ write 01\n+ read 0"
      ])
  }

  @Test func `exchanges that were not made are reported`() throws {
    let address = try Self.address()
    var bus = ScriptedI2CBus([
      .write([1], to: address), .write([2], to: address), .read([3], from: address),
    ])
    try bus.write([1], to: address)
    #expect(
      bus.finish().map(\.description) == [
        """
        2 of 3 exchanges were not made
        - device 0x76, write 02, read 0
        - device 0x76, write nothing, read 1
        """
      ])
  }

  @Test func `a bus serves as some I2CBus`() throws {
    func use(_ bus: inout some I2CBus, at address: I2CAddress) throws -> [UInt8] {
      try bus.read(1, after: [8], from: address)
    }
    var bus = ScriptedI2CBus([.read([7], after: [8], from: try Self.address())])
    #expect(try use(&bus, at: try Self.address()) == [7])
    expectPlayed(bus)
  }

  @Test func `a line answers its script and reports what differs`() throws {
    let edge = LineEdge(.rising, timestamp: 5)
    var line = ScriptedInputLine([
      .level(true), .edge(edge), .silence, .failure(LineFailure(.deviceGone)), .level(false),
    ])
    #expect(try line.level() == true)
    #expect(try line.nextEdge(within: .seconds(1)) == edge)
    #expect(try line.nextEdge(within: .seconds(1)) == nil)
    #expect(throws: LineFailure(.deviceGone)) { try line.level() }
    #expect(line.finish().count == 1)
    #expect(throws: LineFailure(.other, detail: "not the scripted step")) {
      try line.nextEdge(within: .seconds(1))
    }
    #expect(line.mismatches.count == 1)
    #expect(try line.level() == false)
    #expect(throws: LineFailure.self) { try line.level() }
    #expect(line.finish().count == 2)
  }
}
