import Board
import Buses
import Drivers

/// One device of the kernel for one sensor, on a thread of its own, since a read blocks for as long
/// as the chip needs.
///
/// A device that is not there, or goes away, is looked for with the back-off of a `FaultLadder`, for
/// ever.
actor KernelWorker<Machine: Hardware> {
  private let name: KernelDeviceName
  private let hardware: Machine
  private let clock: any RuntimeClock
  private let executor: QueueExecutor
  private var driver: any KernelSensor
  private var device: Machine.Device?
  private var ladder = FaultLadder()
  /// Why it failed last; it stays the cause while the device is left alone.
  private var cause = ""

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  init(
    _ name: KernelDeviceName, driver: any KernelSensor, hardware: Machine,
    clock: any RuntimeClock
  ) {
    self.name = name
    self.driver = driver
    self.hardware = hardware
    self.clock = clock
    executor = QueueExecutor(label: name.description)
  }

  /// Measures at every beat until the task is cancelled.
  func sample(_ sensor: Int, at beat: Beat, into intake: Intake) async {
    await intake.fill(with: sensor, at: beat) { acquire() }
  }

  /// Makes one measurement; finds and opens the device first where needed.
  func acquire() -> Attempt {
    var attempt = Attempt(outcome: .failed(cause))
    if ladder.isDue(clock.monotonicNanoseconds) {
      attempt.outcome = climb(taking: &attempt.steps)
    }
    attempt.calibration = driver.calibration
    attempt.isAbsent = ladder.isAbsent
    return attempt
  }

  private func climb(taking taken: inout [RecoveryStep]) -> Acquisition.Outcome {
    // Only a device that was open can be wrong in another way than that it is not there.
    let wasOpen = device != nil
    let planned = wasOpen ? ladder.steps(isConfigured: true, canCyclePower: false) : []
    var result = measure()
    for step in planned {
      guard case .failure(let failure) = result else { break }
      switch step {
      case .retry:
        guard failure.isWorthARetry else { continue }
      case .reinitialise: device = nil
      // The adapter and the supply are the kernel driver's.
      case .reopen, .powerCycle: continue
      }
      taken.append(step)
      result = measure()
    }
    switch result {
    case .success(let outcome):
      ladder = FaultLadder()
      return outcome
    case .failure(let failure):
      // What has the name then may be another device.
      device = nil
      ladder.fail(now: clock.monotonicNanoseconds)
      cause = "\(name): \(failure)"
      return .failed(cause)
    }
  }

  private func measure() -> Result<Acquisition.Outcome, DriverFailure> {
    do throws(DriverFailure) {
      var device = try opened()
      self.device = device
      let raw = try driver.fetch(from: &device)
      return .success(.measured(try driver.decode(raw), raw: raw))
    } catch {
      return .failure(error)
    }
  }

  private func opened() throws(DriverFailure) -> Machine.Device {
    if let device { return device }
    do throws(KernelDeviceFailure) {
      return try hardware.openKernelDevice(name)
    } catch {
      throw .kernel(error)
    }
  }
}
