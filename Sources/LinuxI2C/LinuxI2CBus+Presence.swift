public import Buses
import CI2C

extension LinuxI2CBus {
  /// What is at an address.
  public enum Presence: Hashable, Sendable {
    /// A device acknowledged its address.
    case answers
    /// Nothing acknowledged the address.
    case silent
    /// A kernel driver is bound to the address; the name is the kernel's, for example `bme280`.
    case ownedByKernel(String?)
  }

  /// Addresses at which memories with write protection by software are.
  ///
  /// Some take a write without data for the command to protect themselves for good, so those
  /// addresses are read instead (i2cdetect(8)).
  static let readOnlyProbes: [ClosedRange<UInt8>] = [0x30...0x37, 0x50...0x5F]

  /// Finds out whether a device is at an address, with as little effect on it as there can be.
  ///
  /// The address is sent alone where the adapter can, otherwise one byte is read; a chip on which
  /// even that has an effect should not be scanned for. A device that the kernel owns is not
  /// touched. Throws what says nothing about the device, such as an adapter that is gone.
  public mutating func probe(_ address: I2CAddress) throws(I2CFailure) -> Presence {
    let selected = cairn_i2c_select(file.descriptor, address.rawValue)
    guard selected == 0 else {
      let failure = selectionFailure(-selected, address)
      guard failure.kind == .busy else { throw failure }
      return .ownedByKernel(kernelDevice(at: address))
    }
    let mustRead = Self.readOnlyProbes.contains { $0.contains(address.rawValue) }
    let canAddressAlone = functions.contains(.smbusQuick) && !mustRead
    let result: Int32
    if functions.contains(.i2c) {
      // Not by the SMBus calls that the kernel makes up from exchanges: they return EIO where the
      // adapter only counts what was acknowledged.
      var unused: UInt8 = 0
      result = cairn_i2c_transfer(
        file.descriptor, address.rawValue, nil, 0, &unused, canAddressAlone ? 0 : 1)
    } else if canAddressAlone {
      result = cairn_smbus_write_quick(file.descriptor)
    } else if functions.contains(.smbusReadByte) {
      result = cairn_smbus_read_byte(file.descriptor)
    } else {
      throw I2CFailure(
        .unsupported,
        detail: "the adapter has no way to ask for \(address) without writing to it")
    }
    guard result < 0 else { return .answers }
    let failure = exchangeFailure(-result)
    switch failure.kind {
    case .noAcknowledge, .noAcknowledgeOfAddress, .noAcknowledgeOfData: return .silent
    default: throw failure
    }
  }
}
