public import Buses

/// One opening of a scripted device of the kernel.
public struct ScriptedKernelDevice: KernelDevice, Sendable {
  private let name: KernelDeviceName
  /// Which of the devices that had the name it is; another one is not read through it.
  private let generation: Int
  private let hardware: ScriptedHardware

  init(name: KernelDeviceName, generation: Int, hardware: ScriptedHardware) {
    self.name = name
    self.generation = generation
    self.hardware = hardware
  }

  /// The names of the attributes that the script has.
  public mutating func attributes() throws(KernelDeviceFailure) -> [String] {
    try hardware.attributes(of: name, generation).keys.sorted()
  }

  /// What the script says of an attribute: a text or a failure.
  public mutating func attribute(_ attribute: String) throws(KernelDeviceFailure) -> String {
    let attributes = try hardware.attributes(of: name, generation)
    guard let answer = attributes[attribute] else {
      throw KernelDeviceFailure(.noSuchAttribute, detail: attribute)
    }
    return try answer.get()
  }
}

/// What a test says of one device of the kernel, whoever has it open.
struct KernelDeviceScript: Sendable {
  var attributes: [String: Result<String, KernelDeviceFailure>]?
  var generation = 0
  var openings = 0
  var passingFailures: [KernelDeviceFailure] = []
  let gate = Gate()
}

extension ScriptedHardware {
  /// Opens a device, unless the script has none of the name.
  public func openKernelDevice(
    _ name: KernelDeviceName
  ) throws(KernelDeviceFailure) -> ScriptedKernelDevice {
    let generation: Int? = kernelDevices.change { devices in
      devices[name.text, default: KernelDeviceScript()].openings += 1
      return devices[name.text].flatMap { $0.attributes == nil ? nil : $0.generation }
    }
    guard let generation else { throw KernelDeviceFailure(.noSuchDevice, detail: "not scripted") }
    return ScriptedKernelDevice(name: name, generation: generation, hardware: self)
  }

  func attributes(
    of name: KernelDeviceName, _ generation: Int
  ) throws(KernelDeviceFailure) -> [String: Result<String, KernelDeviceFailure>] {
    kernelDevices.value[name.text]?.gate.pass()
    let result: Result<[String: Result<String, KernelDeviceFailure>], KernelDeviceFailure> =
      kernelDevices.change { devices in
        guard var script = devices[name.text], script.generation == generation,
          let attributes = script.attributes
        else { return .failure(KernelDeviceFailure(.deviceGone)) }
        guard script.passingFailures.isEmpty else {
          defer { devices[name.text] = script }
          return .failure(script.passingFailures.removeFirst())
        }
        return .success(attributes)
      }
    return try result.get()
  }

  // MARK: What the test does with devices of the kernel

  /// Loads a device, named as in the board file, with its attributes; one of that name is gone then.
  public func loadKernelDevice(_ name: String, _ attributes: [String: String]) {
    kernelDevices.change { devices in
      devices[name, default: KernelDeviceScript()].attributes = attributes.mapValues {
        .success($0)
      }
      devices[name]?.generation += 1
    }
  }

  /// Changes the answer of one attribute of a device, which stays the same device.
  public func setAttribute(
    _ attribute: String, of name: String, _ answer: Result<String, KernelDeviceFailure>
  ) {
    kernelDevices.change { $0[name]?.attributes?[attribute] = answer }
  }

  /// Takes a device away, as when its driver is unloaded.
  public func unloadKernelDevice(_ name: String) {
    kernelDevices.change { $0[name]?.attributes = nil }
  }

  /// Makes the next reads of a device fail, one failure after the other.
  public func failNextReads(of name: String, with failures: [KernelDeviceFailure]) {
    kernelDevices.change { $0[name]?.passingFailures += failures }
  }

  /// Makes reads of a device hang until `releaseKernelDevice`.
  public func holdKernelDevice(_ name: String) {
    kernelDevices.change { $0[name, default: KernelDeviceScript()].gate }.close()
  }

  /// Lets go on what hangs on a device.
  public func releaseKernelDevice(_ name: String) { kernelDevices.value[name]?.gate.open() }

  /// Waits until a read of a device hangs.
  public func waitUntilHoldingKernelDevice(_ name: String) async throws {
    try await kernelDevices.change { $0[name, default: KernelDeviceScript()].gate }
      .waitUntilHolding()
  }

  /// How often opening a device was tried.
  public func kernelDeviceOpenings(of name: String) -> Int {
    kernelDevices.value[name]?.openings ?? 0
  }
}
