import Buses

/// Commands of Sensirion's chips, which take their time to answer and do not say when they are
/// done other than by acknowledging their address again.
///
/// A command is sent and its answer read in two exchanges, for some of the chips know no repeated
/// start. A driver cannot wait between the two; so an exchange that the chip refuses is made again,
/// a limited number of times. A refusal takes at least 0.025 ms at 400 kHz and 0.1 ms at 100 kHz.
extension I2CBus where Self: ~Copyable {
  /// Sends a command that may come while the chip is still at the one before.
  mutating func order(
    _ command: [UInt8], to address: I2CAddress, patience: Int = 64
  ) throws(DriverFailure) {
    for _ in 1..<patience {
      do {
        return try write(command, to: address)
      } catch  where error.isRefusalOfAddress {
        continue
      } catch {
        throw .bus(error)
      }
    }
    try send(command, to: address)
  }

  /// The answer to a command; throws `notReady` where the chip goes on refusing the read.
  mutating func answer(
    _ count: Int, to command: [UInt8], from address: I2CAddress, patience: Int = 64
  ) throws(DriverFailure) -> [UInt8] {
    try send(command, to: address)
    for _ in 1..<patience {
      do {
        return try read(count, from: address)
      } catch  where error.isRefusalOfAddress {
        continue
      } catch {
        throw .bus(error)
      }
    }
    return try result(count, from: address)
  }

  /// The words of the answer to a command, each with its checksum.
  mutating func words(
    _ names: [String], to command: [UInt8], from address: I2CAddress, patience: Int = 64
  ) throws(DriverFailure) -> [UInt16] {
    let answer = try answer(
      3 * names.count, to: command, from: address, patience: patience)
    return try CRC8.sensirion.words(of: answer, names)
  }
}
