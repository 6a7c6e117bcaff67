import Buses
import Testing

@testable import LinuxI2C

/// What the kernel's i2c-stub offers: everything but plain I2C and SMBus blocks.
///
/// The bits restate linux/i2c.h.
private let everything = AdapterFunctions(rawValue: 0x0C7F_0000)

private struct Shape: CustomStringConvertible, Sendable {
  let bytes: [UInt8]
  let readCount: Int
  let functions: AdapterFunctions
  let plan: SMBusPlan

  init(
    _ bytes: [UInt8], _ readCount: Int, _ plan: SMBusPlan,
    on functions: AdapterFunctions = everything
  ) {
    self.bytes = bytes
    self.readCount = readCount
    self.functions = functions
    self.plan = plan
  }

  var description: String { "\(bytes.count) written, \(readCount) read: \(plan)" }

  static let known: [Shape] = [
    Shape([], 0, .writeQuick),
    Shape([], 0, .readByte, on: [.smbusReadByte]),
    Shape([], 1, .readByte),
    Shape([0xE0], 0, .writeByte(0xE0)),
    Shape([0xF4, 0x27], 0, .writeByteData(command: 0xF4, value: 0x27)),
    Shape([0xF4, 0x27], 0, .writeBlock(command: 0xF4, bytes: [0x27]), on: [.smbusWriteI2CBlock]),
    // The low byte of an SMBus word goes first (SMBus 3.1 section 6.5.4).
    Shape([0x01, 0x84, 0x83], 0, .writeWordData(command: 0x01, value: 0x8384)),
    Shape([1, 2, 3], 0, .writeBlock(command: 1, bytes: [2, 3]), on: [.smbusWriteI2CBlock]),
    Shape([1, 2, 3, 4], 0, .writeBlock(command: 1, bytes: [2, 3, 4])),
    Shape(
      [9] + Array(1...32), 0, .writeBlock(command: 9, bytes: Array(1...32))),
    Shape([0xD0], 1, .readByteData(command: 0xD0)),
    Shape([0xD0], 1, .readBlock(command: 0xD0, count: 1), on: [.smbusReadI2CBlock]),
    Shape([0x00], 2, .readWordData(command: 0x00)),
    Shape([0x00], 2, .readBlock(command: 0x00, count: 2), on: [.smbusReadI2CBlock]),
    Shape([0xF7], 3, .readBlock(command: 0xF7, count: 3)),
    Shape([0x88], 32, .readBlock(command: 0x88, count: 32)),
  ]
}

@Test(arguments: Shape.known)
private func `a transfer becomes the SMBus call that looks the same on the wire`(
  _ shape: Shape
) throws {
  let plan = try SMBusPlan(
    writing: shape.bytes, readCount: shape.readCount, functions: shape.functions)
  #expect(plan == shape.plan)
}

@Test(arguments: [(0, 2), (0, 6), (1, 33), (2, 1), (2, 6), (34, 0), (33, 1)])
func `a shape that SMBus has no call for is refused`(_ writeCount: Int, _ readCount: Int) {
  let bytes = [UInt8](repeating: 7, count: writeCount)
  #expect {
    try SMBusPlan(writing: bytes, readCount: readCount, functions: everything)
  } throws: { error in
    let failure = error as? I2CFailure
    return failure?.kind == .unsupported && failure?.detail.contains("plain I2C") == true
  }
}

@Test(arguments: Shape.known)
private func `an adapter without the call is refused`(_ shape: Shape) {
  #expect {
    try SMBusPlan(writing: shape.bytes, readCount: shape.readCount, functions: [])
  } throws: { ($0 as? I2CFailure)?.kind == .unsupported }
}

@Test func `a refusal says what was asked for`() {
  #expect(
    throws: I2CFailure(
      .unsupported,
      detail: "SMBus has no call that writes 2 bytes and then reads 6; "
        + "the sensor needs an adapter with plain I2C")
  ) {
    try SMBusPlan(writing: [0x24, 0x00], readCount: 6, functions: everything)
  }
  #expect(
    throws: I2CFailure(
      .unsupported,
      detail: "the adapter has neither plain I2C nor an SMBus call that reads 1 byte")
  ) {
    try SMBusPlan(writing: [], readCount: 1, functions: [.smbusQuick])
  }
}
