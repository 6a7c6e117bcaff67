public import Buses

/// What can be wrong with a part on a virtual bus.
public enum VirtualFault: String, Hashable, Sendable, CaseIterable {
  /// It has no supply: it does not acknowledge, and afterwards its registers are as at power-on.
  case unpowered
  /// It does not acknowledge its address, as with a loose wire; its registers stay.
  case refusesAddress
  /// It acknowledges its address but no byte that is written to it.
  case refusesData
  /// Every checksum byte that it sends is wrong; nothing happens on chips that send none.
  case corruptsChecksum
  /// Its measurements never end.
  case neverReady
}

/// A fault with a beginning and an end.
public struct ScheduledFault: Hashable, Sendable {
  /// The part that has it.
  public let address: I2CAddress
  /// What is wrong.
  public let fault: VirtualFault
  /// When, in nanoseconds of the monotonic clock.
  public let nanoseconds: Range<Int64>

  /// A fault of a part from one time to another.
  public init(_ fault: VirtualFault, of address: I2CAddress, during nanoseconds: Range<Int64>) {
    self.fault = fault
    self.address = address
    self.nanoseconds = nanoseconds
  }
}
