public import Board
public import Buses
public import Runtime
import Synchronization

/// Buses, lines and devices of the kernel that do, fail and recover as a test says.
///
/// Buses and devices are named as in the board file; a line is named by its sensor.
public final class ScriptedHardware: Hardware {
  /// One exchange that was asked for.
  public struct Exchange: Hashable, Sendable {
    /// The device.
    public let address: I2CAddress
    /// What was written.
    public let written: [UInt8]
    /// How many bytes were to be read.
    public let readCount: Int
  }

  private struct BusScript: Sendable {
    var devices: [I2CAddress: ScriptedDevice] = [:]
    var openingFailure: I2CFailure?
    var failure: I2CFailure?
    var failures: [I2CAddress: I2CFailure] = [:]
    var passingFailures: [I2CAddress: [I2CFailure]] = [:]
    var openings = 0
    var exchanges: [Exchange] = []
    let gate = Gate()
  }

  private let buses = Observed<[String: BusScript]>([:])
  private struct PowerScript: Sendable {
    var failure: LineFailure?
    var levels: [Bool] = []
    var action: (@Sendable (Bool) -> Void)?
  }

  private let powers = Observed<[Int: PowerScript]>([:])
  let kernelDevices = Observed<[String: KernelDeviceScript]>([:])
  private let lines = Mutex<[String: LineScript]>([:])

  /// Hardware without devices; every bus and every line can be opened.
  public init() {}

  // MARK: What the runtime does

  /// Opens a bus, unless the script says that it fails.
  public func openBus(_ declaration: BusDeclaration) throws(I2CFailure) -> ScriptedBus {
    let name = declaration.name
    let failure: I2CFailure? = buses.change { buses in
      buses[name, default: BusScript()].openings += 1
      return buses[name]?.openingFailure
    }
    if let failure { throw failure }
    return ScriptedBus(name: name, hardware: self)
  }

  /// Opens the line of a sensor, unless the script says that it fails.
  public func openLine(
    of sensor: SensorDeclaration, _ settings: LineSettings, on bus: BusDeclaration
  ) throws(LineFailure) -> ScriptedLine {
    let script = script(of: sensor.name)
    script.openings.change { $0 += 1 }
    if let failure = script.openingFailure.withLock({ $0 }) { throw failure }
    return ScriptedLine(script)
  }

  /// Opens the line that switches a supply, unless the script says that it fails.
  public func openPower(_ power: PowerDeclaration) throws(LineFailure) -> ScriptedPower {
    if let failure = powers.value[power.offset]?.failure { throw failure }
    switchPower(power.offset, isOn: true)
    return ScriptedPower(offset: power.offset, hardware: self)
  }

  func switchPower(_ offset: Int, isOn: Bool) {
    powers.change { $0[offset, default: PowerScript()].levels.append(isOn) }
    let action = powers.value[offset]?.action
    action?(isOn)
  }

  func answer(
    on name: String, to address: I2CAddress, written: [UInt8], count: Int
  ) throws(I2CFailure) -> [UInt8] {
    buses.value[name]?.gate.pass()
    let exchange = Exchange(address: address, written: written, readCount: count)
    let result: Result<ScriptedDevice, I2CFailure> = buses.change { buses in
      var bus = buses[name] ?? BusScript()
      defer { buses[name] = bus }
      bus.exchanges.append(exchange)
      if let failure = bus.failure ?? bus.failures[address] { return .failure(failure) }
      if let failure = bus.passingFailures[address]?.first {
        bus.passingFailures[address]?.removeFirst()
        return .failure(failure)
      }
      guard let device = bus.devices[address] else {
        return .failure(I2CFailure(.noAcknowledgeOfAddress))
      }
      return .success(device)
    }
    return try result.get().answer(written, count)
  }

  // MARK: What the test does with buses

  /// Puts a device on a bus, or another one in its place.
  public func attach(_ device: ScriptedDevice, at address: I2CAddress, on bus: String) {
    buses.change { $0[bus, default: BusScript()].devices[address] = device }
  }

  /// Makes opening a bus fail until it is told otherwise with nil.
  public func failOpening(of bus: String, with failure: I2CFailure?) {
    buses.change { $0[bus, default: BusScript()].openingFailure = failure }
  }

  /// Makes all exchanges on a bus fail until it is told otherwise with nil.
  public func failExchanges(on bus: String, with failure: I2CFailure?) {
    buses.change { $0[bus, default: BusScript()].failure = failure }
  }

  /// Makes all exchanges with one device fail until it is told otherwise with nil.
  public func failExchanges(with address: I2CAddress, on bus: String, with failure: I2CFailure?) {
    buses.change { $0[bus, default: BusScript()].failures[address] = failure }
  }

  /// Makes the next exchanges with one device fail, one failure after the other.
  public func failNextExchanges(
    with address: I2CAddress, on bus: String, with failures: [I2CFailure]
  ) {
    buses.change { $0[bus, default: BusScript()].passingFailures[address, default: []] += failures }
  }

  /// Makes exchanges on a bus hang until `release`.
  public func hold(_ bus: String) {
    buses.change { $0[bus, default: BusScript()].gate }.close()
  }

  /// Lets go on what hangs on a bus.
  public func release(_ bus: String) { buses.value[bus]?.gate.open() }

  /// Waits until an exchange hangs on a bus.
  public func waitUntilHolding(_ bus: String) async throws {
    try await buses.change { $0[bus, default: BusScript()].gate }.waitUntilHolding()
  }

  /// How often opening a bus was tried.
  public func openings(of bus: String) -> Int { buses.value[bus]?.openings ?? 0 }

  /// Every exchange that was asked for on a bus, in order, those that failed included.
  public func exchanges(on bus: String) -> [Exchange] { buses.value[bus]?.exchanges ?? [] }

  /// Waits until so many exchanges or more were asked for on a bus.
  public func waitForExchanges(_ count: Int, on bus: String) async throws {
    try await buses.wait { ($0[bus]?.exchanges.count ?? 0) >= count }
  }

  // MARK: What the test does with supplies

  /// Makes opening the line of a supply fail until it is told otherwise with nil.
  public func failOpeningPower(_ offset: Int, with failure: LineFailure?) {
    powers.change { $0[offset, default: PowerScript()].failure = failure }
  }

  /// Lets something happen whenever a supply is switched.
  public func onPower(_ offset: Int, _ action: @escaping @Sendable (Bool) -> Void) {
    powers.change { $0[offset, default: PowerScript()].action = action }
  }

  /// How a supply was switched so far, the opening included.
  public func levels(ofPower offset: Int) -> [Bool] { powers.value[offset]?.levels ?? [] }

  // MARK: What the test does with lines

  /// Makes opening a line fail until it is told otherwise with nil.
  public func failOpeningLine(of sensor: String, with failure: LineFailure?) {
    script(of: sensor).openingFailure.withLock { $0 = failure }
  }

  /// Gives edges to whoever has the line open, or opens it next.
  public func send(_ edges: [LineEdge], to sensor: String) {
    for edge in edges { script(of: sensor).add(.success(edge)) }
  }

  /// Makes an open line fail after the edges that it was given.
  public func breakLine(of sensor: String, with failure: LineFailure) {
    script(of: sensor).add(.failure(failure))
  }

  /// How often opening a line was tried.
  public func lineOpenings(of sensor: String) -> Int { script(of: sensor).openings.value }

  /// Waits until opening a line was tried so often or more.
  public func waitForLineOpenings(_ count: Int, of sensor: String) async throws {
    try await script(of: sensor).openings.wait { $0 >= count }
  }

  /// Waits until somebody has the line of a sensor open and waits for an edge.
  public func waitForListener(to sensor: String) async throws {
    try await script(of: sensor).questions.wait { $0 > 0 }
  }

  /// Waits until all edges and failures of a line were taken.
  public func waitUntilTaken(from sensor: String) async throws {
    try await script(of: sensor).waitUntilTaken()
  }

  private func script(of sensor: String) -> LineScript {
    lines.withLock { lines in
      if let script = lines[sensor] { return script }
      let script = LineScript()
      lines[sensor] = script
      return script
    }
  }
}
