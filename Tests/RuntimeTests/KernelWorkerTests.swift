import Board
import Buses
import Drivers
import Quantities
import RuntimeTesting
import Testing

@testable import Runtime

@Suite(.timeLimit(.minutes(1))) struct KernelWorkerTests {
  let clock = ManualClock()
  let hardware = ScriptedHardware()

  static let file = """
    board: { name: test }
    sensors: { cpu: { driver: hwmon, device: coretemp, every: 1 s, temperature: Package id 0 } }
    """

  /// A processor of so many millidegrees.
  static func coretemp(_ temperature: Int) -> [String: String] {
    ["temp1_label": "Package id 0", "temp1_input": String(temperature)]
  }

  func worker() throws -> KernelWorker<ScriptedHardware> {
    let board = try board(Self.file)
    #expect(board.buses.isEmpty && board.sensors[0].bus == nil)
    guard case .kernel(let driver, let device) = board.sensors[0].part else {
      throw KernelDeviceFailure(.other, detail: "no device of the kernel")
    }
    return KernelWorker(device, driver: driver, hardware: hardware, clock: clock)
  }

  func text(_ attempt: Attempt) -> String {
    switch attempt.outcome {
    case .measured(let measurement, _):
      (measurement.readings.map(\.quantity.description) + measurement.faults.map(\.cause))
        .joined(separator: ", ")
    case .failed(let cause): cause
    }
  }

  @Test func `finds the device once and then only reads`() async throws {
    hardware.loadKernelDevice("coretemp", Self.coretemp(47_000))
    let worker = try worker()
    #expect(text(await worker.acquire()) == "47 Cel")
    hardware.setAttribute("temp1_input", of: "coretemp", .success("48500"))
    let attempt = await worker.acquire()
    #expect(text(attempt) == "48.5 Cel")
    #expect(attempt.steps.isEmpty && !attempt.isAbsent && attempt.calibration == nil)
    #expect(hardware.kernelDeviceOpenings(of: "coretemp") == 1)
  }

  @Test func `retries once what may pass`() async throws {
    hardware.loadKernelDevice("coretemp", Self.coretemp(47_000))
    let worker = try worker()
    _ = await worker.acquire()
    hardware.failNextReads(of: "coretemp", with: [KernelDeviceFailure(.busy)])
    let attempt = await worker.acquire()
    #expect(text(attempt) == "47 Cel")
    #expect(attempt.steps == [.retry])
    #expect(hardware.kernelDeviceOpenings(of: "coretemp") == 1)
  }

  @Test func `finds the device anew where a retry does not help`() async throws {
    hardware.loadKernelDevice("coretemp", Self.coretemp(47_000))
    let worker = try worker()
    _ = await worker.acquire()
    // Loaded again, and perhaps with other numbers: the open one is gone.
    hardware.loadKernelDevice(
      "coretemp", ["temp4_label": "Package id 0", "temp4_input": "50000"])
    let attempt = await worker.acquire()
    #expect(text(attempt) == "50 Cel")
    #expect(attempt.steps == [.reinitialise])
    #expect(hardware.kernelDeviceOpenings(of: "coretemp") == 2)
  }

  @Test func `a device that goes away fails with its cause and comes back by itself`() async throws
  {
    hardware.loadKernelDevice("coretemp", Self.coretemp(47_000))
    let worker = try worker()
    _ = await worker.acquire()
    hardware.unloadKernelDevice("coretemp")
    let gone = await worker.acquire()
    #expect(text(gone) == "hwmon device 'coretemp': no such device (not scripted)")
    #expect(gone.steps == [.reinitialise] && !gone.isAbsent)
    // At once, then after one second, then after two.
    #expect(!(await worker.acquire()).isAbsent)
    #expect(hardware.kernelDeviceOpenings(of: "coretemp") == 3)
    #expect(text(await worker.acquire()) == text(gone))
    #expect(hardware.kernelDeviceOpenings(of: "coretemp") == 3)
    clock.advance(by: .seconds(1))
    let absent = await worker.acquire()
    #expect(absent.isAbsent && absent.steps.isEmpty)
    #expect(hardware.kernelDeviceOpenings(of: "coretemp") == 4)
    hardware.loadKernelDevice("coretemp", Self.coretemp(46_000))
    #expect(text(await worker.acquire()) == text(gone))
    clock.advance(by: .seconds(2))
    let back = await worker.acquire()
    #expect(text(back) == "46 Cel")
    #expect(!back.isAbsent)
  }

  @Test func `a channel that has no value is a fault and no failure of the device`() async throws {
    hardware.loadKernelDevice("coretemp", Self.coretemp(47_000))
    hardware.setAttribute("temp1_fault", of: "coretemp", .success("1"))
    let worker = try worker()
    #expect(
      text(await worker.acquire())
        == "the kernel's driver reports a fault of the sensing part")
    hardware.setAttribute(
      "temp1_fault", of: "coretemp", .failure(KernelDeviceFailure(.noSuchAttribute)))
    #expect(text(await worker.acquire()) == "47 Cel")
  }

  @Test func `a read that blocks holds its own thread only`() async throws {
    hardware.loadKernelDevice("coretemp", Self.coretemp(47_000))
    hardware.holdKernelDevice("coretemp")
    let worker = try worker()
    async let attempt = worker.acquire()
    try await hardware.waitUntilHoldingKernelDevice("coretemp")
    hardware.releaseKernelDevice("coretemp")
    #expect(text(await attempt) == "47 Cel")
  }

  @Test func `a single measurement needs no bus`() async throws {
    hardware.loadKernelDevice("coretemp", Self.coretemp(47_000))
    let board = try board(Self.file)
    let taken = try await SingleMeasurement.take("cpu", of: board, on: hardware, clock: clock)
    guard case .measured(_, let raw)? = taken?.outcome else {
      Issue.record("\(String(describing: taken))")
      return
    }
    // One string for each channel of the driver, all but the first empty.
    #expect(raw.map(\.count) == [17, 0, 0, 0, 0, 0])
  }
}
