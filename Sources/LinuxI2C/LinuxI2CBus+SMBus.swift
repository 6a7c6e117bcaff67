import Buses
import CI2C

extension LinuxI2CBus {
  /// Makes the call of a plan and fills the buffer with what it read.
  @_lifetime(buffer: copy buffer)
  func perform(
    _ plan: SMBusPlan, reading buffer: inout MutableSpan<UInt8>
  ) throws(I2CFailure) {
    let descriptor = file.descriptor
    let result: Int32
    switch plan {
    case .writeQuick:
      result = cairn_smbus_write_quick(descriptor)
    case .readByte:
      result = cairn_smbus_read_byte(descriptor)
    case .writeByte(let value):
      result = cairn_smbus_write_byte(descriptor, value)
    case .writeByteData(let command, let value):
      result = cairn_smbus_write_byte_data(descriptor, command, value)
    case .writeWordData(let command, let value):
      result = cairn_smbus_write_word_data(descriptor, command, value)
    case .writeBlock(let command, let bytes):
      result = cairn_smbus_write_block(descriptor, command, bytes, UInt8(bytes.count))
    case .readByteData(let command):
      result = cairn_smbus_read_byte_data(descriptor, command)
    case .readWordData(let command):
      result = cairn_smbus_read_word_data(descriptor, command)
    case .readBlock(let command, let count):
      result = buffer.withUnsafeMutableBufferPointer { read in
        cairn_smbus_read_block(descriptor, command, read.baseAddress, UInt8(count))
      }
    }
    guard result >= 0 else { throw exchangeFailure(-result) }
    switch plan {
    case .readByte, .readByteData, .readWordData:
      // A word's low byte was the first on the wire.
      for index in 0..<buffer.count {
        buffer[index] = UInt8(truncatingIfNeeded: result >> (8 * Int32(index)))
      }
    default: break
    }
  }
}
