public import Buses

/// An I2C bus with models of chips on it.
public struct VirtualI2CBus: I2CBus, Sendable {
  private var chips: [I2CAddress: any VirtualChip] = [:]
  private var faults: [I2CAddress: VirtualFault] = [:]
  private var schedule: [ScheduledFault] = []
  private let now: @Sendable () -> Int64
  private let pace: (@Sendable (Duration) -> Void)?

  /// The nanoseconds that a byte and its acknowledge take at 100 kHz.
  private static let byteNanoseconds = 90_000

  /// A bus without chips that reads the monotonic clock, in nanoseconds, through `now`.
  ///
  /// With `pace`, a transfer also takes the time that it takes on a bus at 100 kHz, so that loops
  /// which ask a chip again and again see time pass; without, it takes none.
  public init(
    now: @escaping @Sendable () -> Int64, pace: (@Sendable (Duration) -> Void)? = nil
  ) {
    self.now = now
    self.pace = pace
  }

  /// The addresses at which a chip is, in their order.
  public var addresses: [I2CAddress] { chips.keys.sorted() }

  /// Puts a chip at an address, in place of the one that was there.
  public mutating func attach(_ chip: any VirtualChip, at address: I2CAddress) {
    chips[address] = chip
  }

  /// Gives a part a fault, or takes it away with nil.
  public mutating func inject(_ fault: VirtualFault?, into address: I2CAddress) {
    if faults[address] == .unpowered, fault != .unpowered {
      chips[address]?.powerCycle(at: now())
    }
    faults[address] = fault
  }

  /// Lets a part have a fault for some time; of two at a time the one that was given first counts.
  public mutating func schedule(_ fault: ScheduledFault) {
    schedule.append(fault)
  }

  /// Lets the supply of a part dip, now, so that its registers have their power-on values.
  public mutating func brownOut(_ address: I2CAddress) {
    chips[address]?.powerCycle(at: now())
  }

  /// Writes all of `bytes` to the chip at `address`, then fills `buffer` from it.
  @_lifetime(buffer: copy buffer)
  public mutating func transfer(
    to address: I2CAddress, writing bytes: Span<UInt8>, reading buffer: inout MutableSpan<UInt8>
  ) throws(I2CFailure) {
    let written = bytes.indices.map { bytes[$0] }
    let writes = !written.isEmpty || buffer.isEmpty
    wait(forBytes: written.count + (writes ? 1 : 0) + (buffer.isEmpty ? 0 : 1))
    let time = now()
    endFaults(at: time)
    // Taken out while it works, so that its registers are not copied.
    guard var chip = chips.removeValue(forKey: address) else {
      throw I2CFailure(.noAcknowledgeOfAddress)
    }
    defer { chips[address] = chip }
    let fault = fault(of: address, at: time)
    chip.fault = fault
    guard fault != .unpowered, fault != .refusesAddress, chip.answers(at: time) else {
      throw I2CFailure(.noAcknowledgeOfAddress)
    }
    if !written.isEmpty {
      guard fault != .refusesData, chip.write(written, at: time) else {
        throw I2CFailure(.noAcknowledgeOfData)
      }
    }
    guard !buffer.isEmpty else { return }
    wait(forBytes: buffer.count)
    guard let answer = chip.read(buffer.count, at: time) else {
      throw I2CFailure(.noAcknowledgeOfAddress)
    }
    // Nobody drives the line behind the end of an answer, so it reads as ones.
    for index in buffer.indices { buffer[index] = index < answer.count ? answer[index] : 0xFF }
  }

  private func wait(forBytes count: Int) {
    pace?(.nanoseconds(count * Self.byteNanoseconds))
  }

  private func fault(of address: I2CAddress, at time: Int64) -> VirtualFault? {
    schedule.first { $0.address == address && $0.nanoseconds.contains(time) }?.fault
      ?? faults[address]
  }

  /// Forgets faults that are over, and lets the supply come back where it was away.
  private mutating func endFaults(at time: Int64) {
    guard schedule.contains(where: { $0.nanoseconds.upperBound <= time }) else { return }
    let over = schedule.filter { $0.nanoseconds.upperBound <= time }
      .sorted { $0.nanoseconds.upperBound < $1.nanoseconds.upperBound }
    for ended in over where ended.fault == .unpowered {
      chips[ended.address]?.powerCycle(at: ended.nanoseconds.upperBound)
    }
    schedule.removeAll { $0.nanoseconds.upperBound <= time }
  }
}
