import Buses

/// The SMBus call that puts on the wire what a transfer asks for.
///
/// For adapters that cannot make plain I2C exchanges. Each call is, bit for bit, the exchange that
/// the transfer describes (SMBus 3.1 section 6.5), so a shape that no call has is refused rather
/// than split in two. The I2C block calls carry no length byte on the wire; SMBus's own block calls
/// do and are never used.
enum SMBusPlan: Hashable, Sendable {
  /// The address alone, with the write bit.
  case writeQuick
  /// One byte read; dropped where the transfer reads none.
  case readByte
  /// One byte written.
  case writeByte(UInt8)
  /// Two bytes written.
  case writeByteData(command: UInt8, value: UInt8)
  /// Three bytes written, the word's low byte first.
  case writeWordData(command: UInt8, value: UInt16)
  /// One byte and 1 to 32 more written.
  case writeBlock(command: UInt8, bytes: [UInt8])
  /// One byte written, one read.
  case readByteData(command: UInt8)
  /// One byte written, two read, the word's low byte first.
  case readWordData(command: UInt8)
  /// One byte written, 1 to 32 read.
  case readBlock(command: UInt8, count: Int)

  /// The most bytes of a block call, `I2C_SMBUS_BLOCK_MAX`.
  static let blockLimit = 32

  /// The call for a transfer, or the failure `unsupported` with what the adapter lacks.
  init(
    writing bytes: [UInt8], readCount: Int, functions: AdapterFunctions
  ) throws(I2CFailure) {
    // The calls that make the same exchange, the shortest first.
    let candidates: [(function: AdapterFunctions, plan: SMBusPlan)]
    switch (bytes.count, readCount) {
    case (0, 0):
      candidates = [(.smbusQuick, .writeQuick), (.smbusReadByte, .readByte)]
    case (0, 1):
      candidates = [(.smbusReadByte, .readByte)]
    case (1, 0):
      candidates = [(.smbusWriteByte, .writeByte(bytes[0]))]
    case (2, 0):
      candidates = [
        (.smbusWriteByteData, .writeByteData(command: bytes[0], value: bytes[1])),
        (.smbusWriteI2CBlock, .writeBlock(command: bytes[0], bytes: [bytes[1]])),
      ]
    case (3, 0):
      let word = UInt16(bytes[1]) | UInt16(bytes[2]) << 8
      candidates = [
        (.smbusWriteWordData, .writeWordData(command: bytes[0], value: word)),
        (.smbusWriteI2CBlock, .writeBlock(command: bytes[0], bytes: Array(bytes[1...]))),
      ]
    case (4...(1 + Self.blockLimit), 0):
      candidates = [
        (.smbusWriteI2CBlock, .writeBlock(command: bytes[0], bytes: Array(bytes[1...])))
      ]
    case (1, 1):
      candidates = [
        (.smbusReadByteData, .readByteData(command: bytes[0])),
        (.smbusReadI2CBlock, .readBlock(command: bytes[0], count: 1)),
      ]
    case (1, 2):
      candidates = [
        (.smbusReadWordData, .readWordData(command: bytes[0])),
        (.smbusReadI2CBlock, .readBlock(command: bytes[0], count: 2)),
      ]
    case (1, 3...Self.blockLimit):
      candidates = [(.smbusReadI2CBlock, .readBlock(command: bytes[0], count: readCount))]
    default:
      throw I2CFailure(
        .unsupported,
        detail: "SMBus has no call that \(Self.phrase(bytes.count, readCount)); "
          + "the sensor needs an adapter with plain I2C")
    }
    guard let chosen = candidates.first(where: { functions.contains($0.function) }) else {
      throw I2CFailure(
        .unsupported,
        detail: "the adapter has neither plain I2C nor an SMBus call that "
          + Self.phrase(bytes.count, readCount))
    }
    self = chosen.plan
  }

  private static func phrase(_ writeCount: Int, _ readCount: Int) -> String {
    switch (writeCount, readCount) {
    case (0, 0): "only addresses the device"
    case (_, 0): "writes \(count(writeCount))"
    case (0, _): "reads \(count(readCount))"
    default: "writes \(count(writeCount)) and then reads \(readCount)"
    }
  }

  private static func count(_ count: Int) -> String {
    count == 1 ? "1 byte" : "\(count) bytes"
  }
}
